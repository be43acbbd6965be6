//! Names as programs and people give them.

use super::*;

fn read(name: &str) -> Option<String> {
    let today = LocalTime::from_civil(2026, 11, 30, 12, 0, 0).unwrap();
    date_from_name(name, today).map(|taken| taken.to_string())
}

#[test]
fn messengers_screenshots_and_cameras_are_read() {
    let second = "2019-07-14T16:20:05";
    let names = [
        "IMG_20190714_162005.jpg",
        "IMG_20190714_162005_1.jpg",
        "IMG_20190714_162005_HDR.jpg",
        "IMG_20190714_162005~2.jpg",
        "IMG20190714162005.jpg",
        "20190714_162005.jpg",
        "20190714_162005(0).jpg",
        "20190714162005.jpg",
        "20190714-162005.jpg",
        "20190714T162005Z.jpg",
        "PXL_20190714_162005123.jpg",
        "PXL_20190714_162005123.MP.jpg",
        "PXL_20190714_162005123.NIGHT.jpg",
        "VID_20190714_162005.mp4",
        "MVIMG_20190714_162005.jpg",
        "PANO_20190714_162005.jpg",
        "DJI_20190714162005_0001_D.JPG",
        "WP_20190714_16_20_05_Pro.jpg",
        "C360_2019-07-14-16-20-05-123.jpg",
        "Screenshot_20190714-162005_Maps.png",
        "Screenshot_20190714-162005.png",
        "Screenshot_20190714_162005_com.android.chrome.jpg",
        "Screenshot_2019-07-14-16-20-05-123_com.miui.home.jpg",
        "Screenshot_2019-07-14-16-20-05.png",
        "Screenshot 2019-07-14 at 16.20.05.png",
        "Screenshot 2019-07-14 at 4.20.05 PM.png",
        "Screenshot 2019-07-14 at 4.20.05\u{202f}PM (2).png",
        "Screen Shot 2019-07-14 at 4.20.05 PM.png",
        "Bildschirmfoto 2019-07-14 um 16.20.05.png",
        "Captura de pantalla 2019-07-14 a las 16.20.05.png",
        "Capture d’écran 2019-07-14 à 16.20.05.png",
        "スクリーンショット 2019-07-14 16.20.05.png",
        "截屏2019-07-14 16.20.05.png",
        "Screenshot from 2019-07-14 16-20-05.png",
        "Screenshot 2019-07-14 162005.png",
        "2019-07-14 16.20.05.jpg",
        "2019-07-14 16.20.05-1.jpg",
        "2019-07-14_16-20-05.jpg",
        "2019_07_14_16_20_05.jpg",
        "2019-07-14T16:20:05.jpg",
        "2019-07-14 16h20m05s.jpg",
        "WhatsApp Image 2019-07-14 at 16.20.05.jpeg",
        "WhatsApp Image 2019-07-14 at 4.20.05 PM (1).jpeg",
        "signal-2019-07-14-162005.jpg",
        "signal-2019-07-14-16-20-05-123.jpg",
        "photo_2019-07-14_16-20-05.jpg",
        "photo_2019-07-14_16-20-05 (2).jpg",
        "photo_1@14-07-2019_16-20-05.jpg",
        "Photo 14-07-2019, 16 20 05.jpg",
        "2019_0714_162005_015.JPG",
        "20190714_162005000_iOS.jpg",
        "KakaoTalk_Photo_2019-07-14-16-20-05.jpeg",
        "20190714_162005-COLLAGE.jpg",
        "mmexport1563121205123.jpg",
        "FB_IMG_1563121205123.jpg",
        "wx_camera_1563121205123.jpg",
        "IMG_1563121205.jpg",
        "2019-07-14 16.20.05",
        "截屏2019-07-14 下午4.20.05.png",
        "屏幕快照 2019-07-14 下午4.20.05.png",
        "螢幕截圖 2019-07-14 下午4.20.05.png",
        "스크린샷 2019-07-14 오후 4.20.05.png",
        "スクリーンショット 2019-07-14 午後4.20.05.png",
        "Captura de pantalla 2019-07-14 a las 4.20.05 p. m..png",
        "Captura de Pantalla 2019-07-14 a la(s) 16.20.05.png",
        "Captura de Pantalla 2019-07-14 a la(s) 4.20.05\u{a0}p.\u{a0}m..png",
        "Screen Shot 2019-07-14 at 4.20.05 p.m..png",
        "Ekran Resmi 2019-07-14 ÖS 4.20.05.png",
        "Στιγμιότυπο 2019-07-14, 4.20.05 μ.μ..png",
        "لقطة شاشة 2019-07-14 في 4.20.05 م.png",
        "Skjermbilde 2019-07-14 klokken 16.20.05.png",
        "vlcsnap-2019-07-14-16h20m05s123.png",
        "Minecraft 7_14_2019 4_20_05 PM.png",
        "2019年7月14日 16点20分05秒.jpg",
        "RPReplay_Final1563121205.mp4",
        "retouch_2019071416200512.jpg",
        "20190714_162005A.jpg",
        "photo_12@14.07.2019_16-20-05.jpg",
    ];
    for name in names {
        assert_eq!(read(name).as_deref(), Some(second), "{name}");
    }
}

#[test]
fn a_day_alone_is_a_day() {
    let names = [
        "IMG-20190714-WA0001.jpg",
        "VID-20190714-WA0001.mp4",
        "20190714_0001.jpg",
        "20190714.jpg",
        "2019-07-14.jpg",
        "2019-7-14 beach.jpg",
        "Beach 14.07.2019.jpg",
        "07-14-2019.jpg",
        "scan 14072019.jpg",
        "2019年7月14日.jpg",
        "2019년 7월 14일.jpg",
        "2019년 7월 14일 바다.jpg",
        "2019-07-14-16h20m05s12345.png",
        "20190714-991234.jpg",
        "Anna, 2019-07-14, by the sea 2.jpg",
    ];
    for name in names {
        assert_eq!(read(name).as_deref(), Some("2019-07-14"), "{name}");
    }
    assert_eq!(read("Urlaub 04.07.2019.jpg").as_deref(), Some("2019-07-04"), "points");
    let telegram = "photo_12@04-07-2019_16-20-05.jpg";
    assert_eq!(read(telegram).as_deref(), Some("2019-07-04T16:20:05"));
    let midnight = "Screen Shot 2019-07-14 at 12.20.05 a.m..png";
    assert_eq!(read(midnight).as_deref(), Some("2019-07-14T00:20:05"));
    let first = "party 2019-07-13 and 2019-07-14.jpg";
    assert_eq!(read(first).as_deref(), Some("2019-07-13"));
    let exact = "2019-07-13 IMG_20190714_162005.jpg";
    assert_eq!(read(exact).as_deref(), Some("2019-07-14T16:20:05"));
    assert_eq!(read("20261201.jpg").as_deref(), Some("2026-12-01"));
}

#[test]
fn other_numbers_are_no_date() {
    let names = [
        "",
        "IMG_0001.jpg",
        "IMG_1234.jpg",
        "DSC01273.jpg",
        "P1090714.JPG",
        "20261202.jpg",
        "20191345.jpg",
        "19940714.jpg",
        "120190714.jpg",
        "201907141.jpg",
        "5f20190714ab3c.jpg",
        "fade20190714.jpg",
        "04-07-2019.jpg",
        "04072019.jpg",
        "2019.jpg",
        "2019-07.jpg",
        "9781234567897.jpg",
        "4006381333931.jpg",
        "1563121205.jpg",
        "1920x1080.jpg",
        "2019_0714.jpg",
        "wallpaper 1920-10-80.jpg",
        "img_12345678.jpg",
        "24301_1382013453211_1208303244_1095633_4567_n.jpg",
        "13055555_10209_1234567890123_n.jpg",
        "1563121205123_o.jpg",
    ];
    for name in names {
        assert_eq!(read(name), None, "{name}");
    }
}

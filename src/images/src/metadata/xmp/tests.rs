//! Packets as programs write them.

use seer_types::PhotoFacts;

use super::*;

const PACKET: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>
 <rdf:Description rdf:about="" aux:Lens="EF50mm f/1.8 &amp; hood" xmp:CreateDate="2011-02-03T04:05:06+01:00">
  <dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>K&#252;ste &amp; Meer</rdf:li></rdf:Bag></dc:subject>
  <dc:title><rdf:Alt><rdf:li xml:lang="fr">Soir</rdf:li><rdf:li xml:lang="x-default">Dusk</rdf:li></rdf:Alt></dc:title>
  <dc:description>
    <rdf:Alt><rdf:li xml:lang="x-default">Waves
    at dusk</rdf:li><rdf:li xml:lang="de">Abendrot</rdf:li></rdf:Alt>
  </dc:description>
  <dc:creator><rdf:Seq><rdf:li>Ann</rdf:li></rdf:Seq></dc:creator>
 </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

fn read(packet: &str) -> PhotoFacts {
    let mut said = Said::default();
    say(packet.as_bytes(), &mut said);
    said.into_facts()
}

/// A packet whose only description holds this.
fn with(content: &str) -> PhotoFacts {
    read(&format!("<x:xmpmeta><rdf:RDF><rdf:Description>{content}</rdf:Description></rdf:RDF>"))
}

fn taken(facts: &PhotoFacts) -> Option<String> {
    facts.taken.map(|taken| taken.to_string())
}

#[test]
fn lists_languages_attributes_and_references() {
    let found = read(PACKET);
    assert_eq!(found.tags, ["sea", "Küste & Meer"]);
    assert_eq!(found.caption.as_deref(), Some("Waves at dusk"));
    assert_eq!(found.descriptions, ["Abendrot", "Dusk", "Soir"]);
    assert_eq!(found.lens.as_deref(), Some("EF50mm f/1.8 & hood"));
    assert_eq!(taken(&found).as_deref(), Some("2011-02-03T04:05:06"));
}

#[test]
fn a_cut_packet_gives_what_is_left() {
    for length in 0..PACKET.len() {
        if let Some(start) = PACKET.get(..length) {
            assert!(read(start).tags.len() <= 2);
        }
    }
    let half = PACKET.find("<dc:title>").unwrap();
    assert_eq!(read(&PACKET[..half]).tags.len(), 2);
}

#[test]
fn prefixes_are_free() {
    let found = read(
        r#"<m:xmpmeta xmlns:m="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <r:Description xmlns:xap="http://ns.adobe.com/xap/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/"
         xmlns:dc="http://example.com/other/" xap:CreateDate="2004-04-26T13:55:57" dc:title="other">
        <d:subject><r:Bag><r:li>lighthouse</r:li></r:Bag></d:subject></r:Description></r:RDF></m:xmpmeta>"#,
    );
    assert_eq!(taken(&found).as_deref(), Some("2004-04-26T13:55:57"));
    assert_eq!(found.tags, ["lighthouse"]);
    assert_eq!(found.caption, None);
}

#[test]
fn what_a_picture_was_made_of_is_not_the_picture() {
    let found = with(
        "<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description photoshop:DateCreated='1999-01-01'>\
         <dc:subject><rdf:Bag><rdf:li>stockphoto</rdf:li></rdf:Bag></dc:subject>\
         </rdf:Description></rdf:li></rdf:Bag></xmpMM:Pantry>\
         <xmpMM:DerivedFrom rdf:parseType='Resource'><dc:title>other</dc:title></xmpMM:DerivedFrom>\
         <xmpMM:History><rdf:Seq><rdf:li xmp:CreateDate='1998-01-01'/></rdf:Seq></xmpMM:History>\
         <dc:subject><rdf:Bag><rdf:li>collage</rdf:li></rdf:Bag></dc:subject>",
    );
    assert_eq!(found.tags, ["collage"]);
    assert_eq!((found.taken, found.caption), (None, None));
}

#[test]
fn the_order_of_properties_means_nothing() {
    let created = "<xmp:CreateDate>2022-07-31T18:53:44</xmp:CreateDate>";
    let original = "<exif:DateTimeOriginal>1988-12-01T18:53:44</exif:DateTimeOriginal>";
    for packet in [format!("{created}{original}"), format!("{original}{created}")] {
        assert_eq!(taken(&with(&packet)).as_deref(), Some("1988-12-01T18:53:44"));
    }
    let rejected = "<MicrosoftPhoto:Rating>99</MicrosoftPhoto:Rating><xmp:Rating>-1</xmp:Rating>";
    assert_eq!(with(rejected).rating, None);
}

#[test]
fn people_are_found_in_whichever_way_they_are_written() {
    let name = "Marie Curie";
    let ways = [
        "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag>\
         <rdf:li rdf:parseType='Resource'><mwg-rs:Name>NAME</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type></rdf:li>\
         <rdf:li rdf:parseType='Resource'><mwg-rs:Name>Rex</mwg-rs:Name><mwg-rs:Type>Pet</mwg-rs:Type></rdf:li>\
         </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>",
        "<mwg-rs:Regions><rdf:Description><mwg-rs:RegionList><rdf:Seq>\
         <rdf:li><rdf:Description mwg-rs:Name='NAME' mwg-rs:Type='face'><mwg-rs:Area stArea:x='1'/></rdf:Description></rdf:li>\
         </rdf:Seq></mwg-rs:RegionList></rdf:Description></mwg-rs:Regions>",
        "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li mwg-rs:Name='NAME'/>\
         </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>",
        "<acdsee-rs:Regions rdf:parseType='Resource'><acdsee-rs:RegionList><rdf:Bag>\
         <rdf:li rdf:parseType='Resource'><acdsee-rs:Name>NAME</acdsee-rs:Name><acdsee-rs:Type>Face</acdsee-rs:Type></rdf:li>\
         </rdf:Bag></acdsee-rs:RegionList></acdsee-rs:Regions>",
        "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag>\
         <rdf:li><rdf:Description MPReg:PersonDisplayName='NAME'/></rdf:li>\
         <rdf:li MPReg:Rectangle='0,0,1,1'/></rdf:Bag></MPRI:Regions></MP:RegionInfo>",
        "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>NAME</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>",
        "<Iptc4xmpExt:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType='Resource'>\
         <Iptc4xmpExt:PersonName><rdf:Alt><rdf:li xml:lang='x-default'>NAME</rdf:li></rdf:Alt>\
         </Iptc4xmpExt:PersonName></rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImageWDetails>",
        "<Iptc4xmpExt:ImageRegion><rdf:Bag><rdf:li rdf:parseType='Resource'><Iptc4xmpExt:PersonInImage><rdf:Bag>\
         <rdf:li>NAME</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage></rdf:li></rdf:Bag></Iptc4xmpExt:ImageRegion>",
        "<mediapro:People><rdf:Bag><rdf:li>NAME</rdf:li></rdf:Bag></mediapro:People>",
    ];
    for way in ways {
        assert_eq!(with(&way.replace("NAME", name)).people, [name], "{way}");
    }
}

#[test]
fn keywords_of_every_program_keep_their_levels() {
    let bag = |property: &str, word: &str| {
        format!("<{property}><rdf:Bag><rdf:li>{word}</rdf:li></rdf:Bag></{property}>")
    };
    let ways = [
        bag("lr:hierarchicalSubject", "Places|Berlin"),
        bag("digiKam:TagsList", "Places/Berlin"),
        bag("MicrosoftPhoto:LastKeywordXMP", "Places/Berlin"),
        bag("mediapro:CatalogSets", "Places|Berlin"),
        "<acdsee:categories>&lt;Categories&gt;&lt;Category Assigned=&quot;0&quot;&gt;Places\
         &lt;Category Assigned=&quot;1&quot;&gt;Berlin&lt;/Category&gt;\
         &lt;Category Assigned=&quot;0&quot;&gt;Rome&lt;/Category&gt;&lt;/Category&gt;&lt;/Categories&gt;\
         </acdsee:categories>"
            .to_owned(),
        "<mwg-kw:Keywords rdf:parseType='Resource'><mwg-kw:Hierarchy><rdf:Bag><rdf:li rdf:parseType='Resource'>\
         <mwg-kw:Keyword>Places</mwg-kw:Keyword><mwg-kw:Children><rdf:Bag><rdf:li mwg-kw:Keyword='Berlin'/>\
         </rdf:Bag></mwg-kw:Children></rdf:li></rdf:Bag></mwg-kw:Hierarchy></mwg-kw:Keywords>"
            .to_owned(),
    ];
    for way in ways {
        assert_eq!(with(&way).tags, ["Places|Berlin"], "{way}");
    }
    assert_eq!(
        with(&bag("dc:subject", "lighthouse, sea, storm")).tags,
        ["lighthouse", "sea", "storm"]
    );
    assert_eq!(with("<dc:subject>lighthouse; sea</dc:subject>").tags, ["lighthouse", "sea"]);
}

#[test]
fn places_have_names() {
    let found = with(
        "<photoshop:Country>Portugal</photoshop:Country><photoshop:City>Lisboa</photoshop:City>\
         <Iptc4xmpCore:Location>Alfama</Iptc4xmpCore:Location>\
         <Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li rdf:parseType='Resource'>\
         <Iptc4xmpExt:LocationName><rdf:Alt><rdf:li>Castelo</rdf:li></rdf:Alt></Iptc4xmpExt:LocationName>\
         <Iptc4xmpExt:City>Lisboa</Iptc4xmpExt:City></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>",
    );
    assert_eq!(found.locations, ["Castelo", "Alfama", "Lisboa", "Portugal"]);
}

#[test]
fn positions_are_read() {
    let found = with(
        "<exif:GPSLatitude>36,26.9N</exif:GPSLatitude><exif:GPSLongitude>116,51.3W</exif:GPSLongitude>",
    );
    let place = found.position.unwrap();
    assert!((place.latitude - 36.448_33).abs() < 1e-4 && (place.longitude + 116.855).abs() < 1e-4);
    let apart = with(
        "<exif:GPSLatitude>36.448</exif:GPSLatitude><exif:GPSLatitudeRef>S</exif:GPSLatitudeRef>\
         <exif:GPSLongitude>116.855</exif:GPSLongitude><exif:GPSLongitudeRef>W</exif:GPSLongitudeRef>",
    );
    assert_eq!(apart.position.unwrap().latitude, -36.448);
}

#[test]
fn texts_of_every_kind_are_kept() {
    let found = with(
        "<photoshop:Headline>Grandma at sea</photoshop:Headline>\
         <Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li>A boat</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>\
         <dc:description><rdf:Alt><rdf:li xml:lang='x-default'><rdf:Description><rdf:value>Boat</rdf:value>\
         </rdf:Description></rdf:li></rdf:Alt></dc:description>",
    );
    assert_eq!(found.caption.as_deref(), Some("Boat"));
    assert_eq!(found.descriptions, ["Grandma at sea", "A boat"]);
}

"""Makes the demo's pictures and their credits from four free packages.

    python make.py SOURCES

SOURCES holds `gcompris/` (the source tree of GCompris 3.1), `palapeli/` (the puzzles of Palapeli 22.12), `lomiri/` (the
wallpapers of lomiri-wallpapers 20.04.0, folder 16.04) and `skimage/` (the data folder of scikit-image 0.26). Authors
and licences are those the packages state for each file. Needs Pillow. File names say nothing about the pictures, so
that a search can only succeed by what they show.
"""

import sys
from pathlib import Path

from PIL import Image, ImageOps

LONG_SIDE = 560
MOST_BYTES = 52_000

FARM = "gcompris/src/activities/explore_farm_animals/resource/animals"
WORLD = "gcompris/src/activities/explore_world_animals/resource/animals"
PLACES = "gcompris/src/activities/explore_monuments/resource"
MUSIC = "gcompris/src/activities/explore_world_music/resource/music"
THINGS = "gcompris/src/activities/categorization/resource/images"

COMMONS = "https://commons.wikimedia.org/wiki/File:"
PD, CC0, BY4 = "public domain", "CC0 1.0", "CC BY 4.0"

# file, what it shows, author, licence, where it comes from
PICTURES = [
    (f"{FARM}/dog.webp", "German shepherd", "Hans Kemperman", PD, COMMONS + "German-shepherd-4040871920._(2).jpg"),
    (f"{PLACES}/france/eiffelTower.webp", "Eiffel Tower", "Tognopop", PD, COMMONS + "Eiffel_Tower_20051010.jpg"),
    ("skimage/coffee.png", "cup of espresso", "Rachel Michetti", CC0, "scikit-image"),
    ("lomiri/sunset_by_Aitzol_Berasategi.jpg", "sunset on a hill", "Aitzol Berasategi", BY4, "lomiri-wallpapers"),
    (f"{FARM}/horse.webp", "horses with foals", "Seth Zeigler", CC0, COMMONS + "Nokota_Horse_Stud_Band.jpg"),
    (f"{MUSIC}/orchestra.webp", "orchestra on a stage", "ABC Informática", PD, COMMONS + "Orchestra_of_the_18th_Century.jpg"),
    (f"{WORLD}/polar_bear.webp", "polar bear", "anonymous", PD, COMMONS + "Churchill_Wildlife_Management_Area_polar_bear30.JPG"),
    ("palapeli/citrus-fruits.jpg", "slices of citrus fruit", "US Department of Agriculture", PD, COMMONS + "Citrus_fruits.jpg"),
    (f"{PLACES}/germany/neuschwansteinCastle.webp", "Neuschwanstein Castle", "cameralends", CC0, COMMONS + "Neuschwanstein_Castle_(532850).jpg"),
    (f"{FARM}/cat.webp", "kitten with a ball of wool", "Loliloli", PD, COMMONS + "Spielendes_K%C3%A4tzchen.JPG"),
    ("palapeli/cincinnati-bridge.jpg", "bridge lit at night", "Derek Jensen", PD, COMMONS + "Cincinnati-roebling-suspension-bridge.jpg"),
    (f"{WORLD}/scarlet_macaw.webp", "scarlet macaw", "Dcoetzee", CC0, COMMONS + "Scarlet_macaw_at_Cougar_Mountain_Zoological_Park.jpg"),
    ("skimage/astronaut.png", "the astronaut Eileen Collins", "NASA", PD, "scikit-image"),
    (f"{PLACES}/wonders/colosseum.webp", "Colosseum", "Urse Ovidiu", PD, COMMONS + "Colosseum_Roma_2009.jpg"),
    (f"{FARM}/sheep.webp", "sheep", "Rob Mitchell", CC0, COMMONS + "Sheep_(33625876592).jpg"),
    (f"{PLACES}/usa/canyondeChelly.webp", "river in a canyon", "Nikater", PD, COMMONS + "Canyon_de_chelly09.jpg"),
    ("lomiri/seeding_by_Clements_Engelhardt.jpg", "dandelions", "Clemens Engelhardt", CC0, "lomiri-wallpapers"),
    (f"{WORLD}/panda.webp", "giant panda", "Jeff Kubina", PD, COMMONS + "Giant_Panda_2004-03-2.jpg"),
    (f"{THINGS}/renewable/windmill.webp", "windmill", "G-Man", PD, COMMONS + "Chesterton_Windmill.jpg"),
    (f"{FARM}/chicken.webp", "four hens", "Tranquilles", PD, COMMONS + "Chickens_at_Tranquilles_B%26B.JPG"),
    (f"{PLACES}/usa/statueofLiberty.webp", "Statue of Liberty", "Ypsilonatshared", PD, COMMONS + "Liberty_enlightening_the_world.JPG"),
    ("skimage/rocket.jpg", "rocket on its launch pad", "SpaceX", PD, "scikit-image"),
    (f"{WORLD}/giraffe.webp", "two giraffes", "Mike and Lara Wolfe", CC0, COMMONS + "Giraffe_courtship_(25657342808).jpg"),
    ("palapeli/european-honey-bee.jpg", "honey bee on a flower", "John Severns", PD, COMMONS + "European_honey_bee_extracts_nectar.jpg"),
    (f"{PLACES}/egypt/greatPyramidOfGiza.webp", "Great Pyramid of Giza", "Gary Todd", CC0, COMMONS + "Giza_Great_Pyramid_of_Khufu_(9793952173).jpg"),
    (f"{FARM}/owl.webp", "owl on a snowy branch", "Lepale", CC0, COMMONS + "Owl_The_Nightbird.jpg"),
    (f"{MUSIC}/japan.webp", "drummers at a night festival", "takami torao", PD, COMMONS + "Agidaiko03.jpg"),
    ("lomiri/picosdeeuropa_by_Aitzol_Berasategi.jpg", "path in the mountains", "Aitzol Berasategi", BY4, "lomiri-wallpapers"),
    (f"{WORLD}/koala.webp", "koala in a tree", "BurningWell", PD, COMMONS + "Koala_Perth_Zoo.jpg"),
    (f"{FARM}/cow.webp", "cow in a meadow", "Dohduhdah", PD, COMMONS + "Cow-IMG_2050.JPG"),
    (f"{PLACES}/wonders/greatWallofChina.webp", "Great Wall of China", "Nicolas Perrault III", CC0, COMMONS + "Great_Wall_of_China_July_2006.JPG"),
    (f"{THINGS}/fishes/fish25.webp", "goldfish", "Necrophorus", PD, COMMONS + "Goldfisch_1.jpg"),
    (f"{WORLD}/lemur.webp", "ring-tailed lemurs", "Mathias Appel", CC0, COMMONS + "Lemur_(37122852696).jpg"),
    ("lomiri/Picture_1A_by_freespace.jpg", "paint brushes", "Trevor \"Freespace\"", BY4, "lomiri-wallpapers"),
    (f"{WORLD}/moose.webp", "moose", "Ryan Hagerty", PD, COMMONS + "Male_Moose.jpg"),
    (f"{PLACES}/france/montStMichel.webp", "Mont Saint-Michel", "Ali Sabbagh", CC0, COMMONS + "Mont_Saint-Michel_IMG_5109_(48875955288).jpg"),
    (f"{FARM}/duck.webp", "white duck", "Bernard Spragg", CC0, COMMONS + "Aylesbury_Duck._(9373723157).jpg"),
    (f"{THINGS}/renewable/solar4.webp", "solar panels", "ENERGY.GOV", PD, COMMONS + "Hybrid_Solar_Energy_System.jpg"),
    (f"{WORLD}/hedgehog.webp", "hedgehog", "George Chernilevsky", PD, COMMONS + "Erinaceus_roumanicus_2020_G2.jpg"),
    ("lomiri/life_by_Aitzol_Berasategi.jpg", "stream in a forest", "Aitzol Berasategi", BY4, "lomiri-wallpapers"),
]

HEAD = """# Credits of the demo's pictures

Scaled down, otherwise unchanged. Those in the public domain and under CC0 may be used for anything; those under
[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/) too, as long as their author is named. They were taken from
GCompris (which names Wikimedia Commons as the source), Palapeli, lomiri-wallpapers and scikit-image.

| file | shows | author | licence | source |
|---|---|---|---|---|
"""


def write(source: Path, target: Path) -> None:
    """A JPEG of at most `LONG_SIDE` pixels and `MOST_BYTES` bytes, without metadata."""
    picture = ImageOps.exif_transpose(Image.open(source)).convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    for quality in range(85, 40, -5):
        picture.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
        if target.stat().st_size <= MOST_BYTES:
            return


def main() -> None:
    sources, here = Path(sys.argv[1]), Path(__file__).parent
    rows = []
    for number, (file, shows, author, licence, origin) in enumerate(PICTURES, 1):
        name = f"photo-{number:02}.jpg"
        write(sources / file, here / name)
        link = f"[Wikimedia Commons](<{origin}>)" if origin.startswith("https") else origin
        rows.append(f"| {name} | {shows} | {author} | {licence} | {link} |\n")
    (here / "CREDITS.md").write_text(HEAD + "".join(rows))


if __name__ == "__main__":
    main()

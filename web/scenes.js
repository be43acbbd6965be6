// Everyday scenes, as people may look for them. Those that the library shows best become examples.

export const SCENES = [
  "a dog running on grass", "a cat on a sofa", "children playing outside", "a birthday cake with candles", "people around a table",
  "a group of friends smiling", "a baby", "a wedding", "people dancing", "sunset over water", "waves on a beach", "snow on mountains",
  "a forest path", "flowers in a garden", "an autumn tree", "a waterfall", "boats in a harbour", "a city at night", "an old church",
  "a narrow street", "a train", "a red car", "a bicycle leaning on a wall", "somebody climbing a rock", "a football match",
  "somebody riding a horse", "a swimming pool", "a plate of food", "a cup of coffee", "a market with fruit", "a concert with lights",
  "fireworks", "a bird on a branch", "a butterfly", "a night sky with stars", "a bridge over a river", "a Christmas tree", "an aeroplane",
];

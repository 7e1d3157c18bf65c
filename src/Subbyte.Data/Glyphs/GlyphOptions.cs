using Subbyte.Methods;

namespace Subbyte.Data.Glyphs;

/// <summary>What glyphs are drawn.</summary>
internal sealed record GlyphOptions
{
    /// <summary>How many of the characters of <see cref="GlyphAlphabet"/> are drawn.</summary>
    [Option("classes", "number of different characters", Minimum = 2, Maximum = GlyphAlphabet.Count)]
    public int Classes { get; set; } = GlyphAlphabet.Count;

    /// <summary>Height and width of a glyph.</summary>
    [Option("size", "height and width", Minimum = 12, Maximum = 32, Unit = "pixels")]
    public int Size { get; set; } = 16;

    /// <summary>How much is done to a character: its distortion, the strokes over it, blur, noise, and how faint it is.</summary>
    [Option("difficulty", "distortion, strokes across, blur, noise and faintness: none to much", Minimum = 0, Maximum = 1)]
    public double Difficulty { get; set; } = 0.5;

    /// <summary>Another seed draws other glyphs of the same characters.</summary>
    [Option("seed", "the glyphs of another seed are others", Minimum = 0)]
    public int Seed { get; set; } = 1;

    /// <summary>Records of the training split.</summary>
    [Option("train", "records of the training split", Minimum = 1)]
    public int Train { get; set; } = 20_000;

    /// <summary>Records of the test split.</summary>
    [Option("test", "records of the test split", Minimum = 1)]
    public int Test { get; set; } = 2_000;
}

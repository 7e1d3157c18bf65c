using Subbyte.Kernels;

namespace Subbyte.Data.Glyphs;

/// <summary>Where the alphabet's grid lies on a glyph: an affine map from columns and rows to pixels.</summary>
/// <param name="Xx">Pixels to the right per column.</param>
/// <param name="Xy">Pixels to the right per row.</param>
/// <param name="Yx">Pixels down per column.</param>
/// <param name="Yy">Pixels down per row.</param>
/// <param name="CentreX">Where the middle of the grid lies.</param>
/// <param name="CentreY">Where the middle of the grid lies.</param>
internal readonly record struct GlyphPlacement(float Xx, float Xy, float Yx, float Yy, float CentreX, float CentreY)
{
    /// <summary>Draws a random placement.</summary>
    /// <param name="random">The glyph's own random numbers.</param>
    /// <param name="size">Height and width of the glyph in pixels.</param>
    /// <param name="difficulty">0 (upright, in the middle) to 1.</param>
    /// <returns>The placement.</returns>
    public static GlyphPlacement Random(SeededRandom random, int size, float difficulty)
    {
        // Rational points on the circle: cos = (1 − t²)/(1 + t²), sin = 2t/(1 + t²) with t = tan(angle/2); up to 22 degrees.
        var t = 0.19f * difficulty * Symmetric(random);
        var (cosine, sine) = ((1 - (t * t)) / (1 + (t * t)), 2 * t / (1 + (t * t)));
        var shear = 0.35f * difficulty * Symmetric(random);
        var row = size * (0.125f - (0.035f * difficulty * random.NextFloat()));
        var column = row * (1 + (0.25f * difficulty * Symmetric(random)));
        var centre = 0.5f * (size - 1);
        return new GlyphPlacement(
            column * cosine,
            row * ((shear * cosine) - sine),
            column * sine,
            row * ((shear * sine) + cosine),
            centre + (0.09f * size * difficulty * Symmetric(random)),
            centre + (0.09f * size * difficulty * Symmetric(random)));
    }

    /// <summary>The pixel coordinates of a point of the grid.</summary>
    public (float X, float Y) Place(float column, float row)
    {
        var (u, v) = (column - (0.5f * GlyphAlphabet.LastColumn), row - (0.5f * GlyphAlphabet.LastRow));
        return (CentreX + (u * Xx) + (v * Xy), CentreY + (u * Yx) + (v * Yy));
    }

    private static float Symmetric(SeededRandom random) => (2 * random.NextFloat()) - 1;
}

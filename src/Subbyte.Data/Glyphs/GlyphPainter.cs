using Subbyte.Kernels;

namespace Subbyte.Data.Glyphs;

/// <summary>Draws one glyph from a sequence of random numbers.</summary>
internal static class GlyphPainter
{
    /// <summary>Longest polyline of the alphabet, in points.</summary>
    private const int MostPoints = 16;

    /// <summary>Draws a glyph.</summary>
    /// <param name="label">Which character.</param>
    /// <param name="options">How.</param>
    /// <param name="random">The glyph's own random numbers.</param>
    /// <param name="pixels">Takes size² bytes, row-major.</param>
    public static void Paint(int label, GlyphOptions options, SeededRandom random, Span<byte> pixels)
    {
        var (size, difficulty) = (options.Size, (float)options.Difficulty);
        var radius = size * Between(random, 0.035f, 0.065f);
        var edge = Between(random, 1, 1 + (1.2f * difficulty));
        var reach = radius + edge;
        Span<float> ink = stackalloc float[size * size], cover = stackalloc float[size * size];

        var character = new GlyphCanvas(ink, size, reach);
        DrawCharacter(character, GlyphAlphabet.Strokes[label], GlyphPlacement.Random(random, size, difficulty), random, difficulty);

        // One stroke of ink across the character, and one of background that cuts it.
        if (random.NextFloat() < difficulty) DrawAcross(character, size, random);
        var eraser = new GlyphCanvas(cover, size, reach);
        if (random.NextFloat() < difficulty) DrawAcross(eraser, size, random);

        var ground = Between(random, 10, 10 + (80 * difficulty));
        var contrast = Between(random, 200 - (150 * difficulty), 220 - (60 * difficulty));
        var (slopeX, slopeY) = (Spread(random, 60 * difficulty / size), Spread(random, 60 * difficulty / size));
        var noise = 2 + (28 * difficulty);
        var inverseEdge = 1 / edge;
        for (var p = 0; p < pixels.Length; p++)
        {
            var (x, y) = (p % size, p / size);
            var stroke = character.Ink(p, radius, inverseEdge) * (1 - eraser.Ink(p, 0.7f * radius, inverseEdge));
            var value = ground + (x * slopeX) + (y * slopeY) + (stroke * contrast) + (noise * Normal(random));
            pixels[p] = (byte)(Math.Clamp(value, 0, 255) + 0.5f);
        }
    }

    private static void DrawCharacter(
        GlyphCanvas canvas, (byte Column, byte Row)[][] strokes, GlyphPlacement placement, SeededRandom random, float difficulty)
    {
        Span<(float X, float Y)> points = stackalloc (float, float)[MostPoints];
        foreach (var polyline in strokes)
        {
            for (var i = 0; i < polyline.Length; i++)
            {
                var column = polyline[i].Column + Spread(random, 0.45f * difficulty);
                var row = polyline[i].Row + Spread(random, 0.45f * difficulty);
                points[i] = placement.Place(column, row);
                if (i > 0) canvas.Draw(points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y);
            }
        }
    }

    private static void DrawAcross(GlyphCanvas canvas, int size, SeededRandom random) =>
        canvas.Draw(random.NextFloat() * size, random.NextFloat() * size, random.NextFloat() * size, random.NextFloat() * size);

    private static float Between(SeededRandom random, float low, float high) => low + ((high - low) * random.NextFloat());

    private static float Spread(SeededRandom random, float most) => most * ((2 * random.NextFloat()) - 1);

    /// <summary>Nearly normal, of mean 0 and variance 1: the sum of eight bytes, by the central limit theorem.</summary>
    private static float Normal(SeededRandom random)
    {
        const float Mean = 8 * 127.5f;
        const float InverseDeviation = 1 / 209.022f; // √(8·(256² − 1)/12)
        var bits = random.NextBits();
        bits = (bits & 0x00FF_00FF_00FF_00FF) + ((bits >> 8) & 0x00FF_00FF_00FF_00FF);
        bits = (bits & 0x0000_FFFF_0000_FFFF) + ((bits >> 16) & 0x0000_FFFF_0000_FFFF);
        return ((int)((bits & 0xFFFF) + (bits >> 32)) - Mean) * InverseDeviation;
    }
}

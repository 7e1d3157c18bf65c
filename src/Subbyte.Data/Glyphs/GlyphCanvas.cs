namespace Subbyte.Data.Glyphs;

/// <summary>
/// Draws strokes into a square of squared distances and turns those into ink. Everything is made of additions, multiplications, divisions and
/// square roots of float32, so that the same bytes come out on every machine.
/// </summary>
internal readonly ref struct GlyphCanvas
{
    private readonly Span<float> _distances;
    private readonly int _size;
    private readonly float _reach;

    /// <summary>Creates an empty canvas.</summary>
    /// <param name="distances">Memory for size² squared distances.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="reach">Distances beyond this, in pixels, need not be known.</param>
    public GlyphCanvas(Span<float> distances, int size, float reach)
    {
        _distances = distances;
        (_size, _reach) = (size, reach);
        distances.Fill(reach * reach);
    }

    /// <summary>Draws a stroke from one point to another, in pixels.</summary>
    public void Draw(float x0, float y0, float x1, float y1)
    {
        var (dx, dy) = (x1 - x0, y1 - y0);
        var inverse = 1 / ((dx * dx) + (dy * dy) + 1e-6f);
        var (left, right) = Bounds(x0, x1);
        var (top, bottom) = Bounds(y0, y1);
        for (var y = top; y <= bottom; y++)
        {
            var row = _distances.Slice(y * _size, _size);
            for (var x = left; x <= right; x++)
            {
                var (px, py) = (x - x0, y - y0);
                var along = Math.Clamp(((px * dx) + (py * dy)) * inverse, 0, 1);
                var (ex, ey) = (px - (along * dx), py - (along * dy));
                row[x] = Math.Min(row[x], (ex * ex) + (ey * ey));
            }
        }
    }

    /// <summary>How much of a pixel is ink: 1 within the radius of a stroke, falling to 0 over the width of its soft edge.</summary>
    /// <param name="pixel">The pixel, row-major.</param>
    /// <param name="radius">Half the thickness of strokes, in pixels.</param>
    /// <param name="inverseEdge">One over the width of the edge, in pixels.</param>
    public float Ink(int pixel, float radius, float inverseEdge) =>
        Math.Clamp(((radius - MathF.Sqrt(_distances[pixel])) * inverseEdge) + 0.5f, 0, 1);

    private (int First, int Last) Bounds(float a, float b) =>
        (Math.Clamp((int)(Math.Min(a, b) - _reach), 0, _size - 1), Math.Clamp((int)(Math.Max(a, b) + _reach) + 1, 0, _size - 1));
}

namespace Subbyte.Methods.CrossNeuron;

/// <summary>The rule as the paper's hardware would follow it, value by value: an element that is skipped is never asked for. The reference of the mask.</summary>
public static class WindowPrediction
{
    /// <summary>Computes one channel of a map.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="side">Rows and columns of a window.</param>
    /// <param name="threshold">The rest of a window is skipped when all of its anchors are at most this.</param>
    /// <param name="anchor">Where the anchors lie.</param>
    /// <param name="compute">Computes the activation at a row and column; called once for each element that is not skipped.</param>
    /// <returns>The map [rows][columns], 0 where it was skipped.</returns>
    public static float[] Compute(int height, int width, int side, float threshold, AnchorPattern anchor, Func<int, int, float> compute)
    {
        var map = new float[height * width];
        for (var top = 0; top < height; top += side)
        {
            for (var left = 0; left < width; left += side)
            {
                var (rows, columns) = (Math.Min(side, height - top), Math.Min(side, width - left));
                var skips = true;
                for (var i = 0; i < rows; i++)
                {
                    for (var j = 0; j < columns; j++)
                    {
                        if (!anchor.Contains(i, j, columns)) continue;
                        var value = compute(top + i, left + j);
                        map[((top + i) * width) + left + j] = value;
                        skips &= value <= threshold;
                    }
                }

                for (var i = 0; i < rows && !skips; i++)
                {
                    for (var j = 0; j < columns; j++)
                    {
                        if (!anchor.Contains(i, j, columns)) map[((top + i) * width) + left + j] = compute(top + i, left + j);
                    }
                }
            }
        }

        return map;
    }
}

namespace Subbyte.Data.Images;

/// <summary>
/// The weights of one direction of a bilinear resampling that averages over the source area when it shrinks, as Pillow's
/// <c>Image.resize(…, BILINEAR)</c> has them: a triangle as wide as the scale (at least one pixel to each side), in fixed point.
/// </summary>
internal sealed class ResampleWeights
{
    /// <summary>Fraction bits of a weight: 8-bit pixels, and 2 bits of room in 32.</summary>
    private const int FractionBits = 32 - 8 - 2;

    private readonly int _taps;
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly int[] _weights;

    /// <summary>Computes the weights of a part of the targets.</summary>
    /// <param name="sourceLength">Pixels of the source.</param>
    /// <param name="targetLength">Pixels of the whole target.</param>
    /// <param name="first">The first target pixel that is wanted.</param>
    /// <param name="count">How many are wanted.</param>
    public ResampleWeights(int sourceLength, long targetLength, long first, int count)
    {
        var scale = (double)sourceLength / targetLength;
        var support = Math.Max(scale, 1);
        _taps = ((int)Math.Ceiling(support) * 2) + 1;
        (_starts, _counts, _weights) = (new int[count], new int[count], new int[checked(count * _taps)]);
        Span<double> triangle = new double[_taps];
        for (var i = 0; i < count; i++)
        {
            var center = (first + i + 0.5) * scale;
            var start = Math.Max(0, (int)(center - support + 0.5));
            var taps = Math.Min(sourceLength, (int)(center + support + 0.5)) - start;
            var sum = 0.0;
            for (var tap = 0; tap < taps; tap++)
            {
                triangle[tap] = Math.Max(0, 1 - Math.Abs((tap + start - center + 0.5) / support));
                sum += triangle[tap];
            }

            for (var tap = 0; tap < taps; tap++) _weights[(i * _taps) + tap] = (int)((triangle[tap] / sum * (1 << FractionBits)) + 0.5);
            (_starts[i], _counts[i]) = (start, taps);
        }
    }

    /// <summary>The first source pixel that any wanted target takes.</summary>
    public int FirstSource => _starts[0];

    /// <summary>One more than the last source pixel that any wanted target takes.</summary>
    public int EndSource => _starts[^1] + _counts[^1];

    /// <summary>One target pixel, rounded to the nearest byte.</summary>
    /// <param name="source">The line.</param>
    /// <param name="offset">Where source pixel 0 would lie in it; may be negative.</param>
    /// <param name="stride">From one pixel to the next.</param>
    /// <param name="target">The target pixel, counted from the first wanted one.</param>
    /// <returns>Its value.</returns>
    public byte Apply(ReadOnlySpan<byte> source, int offset, int stride, int target)
    {
        var weights = _weights.AsSpan(target * _taps, _counts[target]);
        var place = offset + (_starts[target] * stride);
        var sum = 1 << (FractionBits - 1);
        unchecked
        {
            foreach (var weight in weights)
            {
                sum += source[place] * weight;
                place += stride;
            }
        }

        return (byte)Math.Clamp(sum >> FractionBits, byte.MinValue, byte.MaxValue);
    }
}

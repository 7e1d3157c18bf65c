namespace Subbyte.Methods.BitSplit;

/// <summary>
/// The optimisation of one output channel value by value, as the specification writes it (section 3.4, in the incremental form of section 9): the scale by
/// least squares, then every digit in turn, the most significant plane first, until a round over all digits changes none. Slow;
/// <see cref="ResponseSolver"/> gives the same bits.
/// </summary>
public static class ResponseReference
{
    /// <summary>The share of A's trace below which SᵀAS counts as zero.</summary>
    internal const double EmptyShare = 1e-12;

    /// <summary>Optimises digits and scale in place.</summary>
    /// <param name="planes">The channel's digits and scale.</param>
    /// <param name="response">C of the channel.</param>
    /// <param name="moments">Moments of the input.</param>
    /// <param name="epochs">Most rounds.</param>
    /// <returns>Rounds that were made, the one that changed nothing included.</returns>
    public static int Solve(DigitPlanes planes, ReadOnlySpan<double> response, ResponseMoments moments, int epochs)
    {
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var images = Images(planes, moments);
            if (!FitScale(planes, response, images, moments)) return epoch;
            var changed = false;
            for (var i = 0; i < planes.Count; i++) changed |= UpdatePlane(planes, i, response, images, moments);
            if (!changed) return epoch;
        }

        FitScale(planes, response, Images(planes, moments), moments);
        return epochs;
    }

    /// <summary>v_i = A·B_i from scratch: rows of A of the digits that are not zero, in order.</summary>
    private static double[][] Images(DigitPlanes planes, ResponseMoments moments)
    {
        var images = new double[planes.Count][];
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = new double[planes.Depth];
            for (var n = 0; n < planes.Depth; n++)
            {
                if (planes.Digits[i][n] == 0) continue;
                for (var j = 0; j < planes.Depth; j++) images[i][j] += planes.Digits[i][n] * moments.Row(n)[j];
            }
        }

        return images;
    }

    /// <summary>α = C·S / SᵀAS; false where S has no response, and the scale stays.</summary>
    private static bool FitScale(DigitPlanes planes, ReadOnlySpan<double> response, double[][] images, ResponseMoments moments)
    {
        double products = 0, squares = 0;
        for (var n = 0; n < planes.Depth; n++)
        {
            double image = 0;
            for (var i = 0; i < planes.Count; i++) image += DigitPlanes.Place(i) * images[i][n];
            products += response[n] * planes.Value(n);
            squares += planes.Value(n) * image;
        }

        var scale = products / squares;
        if (!(squares > EmptyShare * moments.Trace) || !double.IsFinite(scale)) return false;
        planes.Scale = scale;
        if (planes.Scale < 0)
        {
            planes.Negate();
            foreach (var image in images)
            {
                for (var n = 0; n < image.Length; n++) image[n] = -image[n];
            }
        }

        return true;
    }

    private static bool UpdatePlane(DigitPlanes planes, int i, ReadOnlySpan<double> response, double[][] images, ResponseMoments moments)
    {
        var (digits, own) = (planes.Digits[i], images[i]);
        var target = new double[planes.Depth];
        for (var n = 0; n < target.Length; n++)
        {
            double others = 0;
            for (var j = 0; j < planes.Count; j++)
            {
                if (j != i) others += DigitPlanes.Place(j) * images[j][n];
            }

            target[n] = response[n] - (planes.Scale * others);
        }

        var step = planes.Scale * DigitPlanes.Place(i);
        var changed = false;
        for (var n = 0; n < target.Length; n++)
        {
            // An input that was zero on every patch says nothing of its weight: the digit of the start stays.
            var square = moments.Diagonal(n);
            if (square == 0) continue;
            var slope = 2 * ((step * (own[n] - (digits[n] * square))) - target[n]);
            var digit = Math.Abs(slope) < step * square ? 0 : -Math.Sign(slope);
            var difference = digit - digits[n];
            if (difference == 0) continue;
            digits[n] = (sbyte)digit;
            changed = true;
            for (var j = 0; j < own.Length; j++) own[j] += difference * moments.Row(n)[j];
        }

        return changed;
    }
}

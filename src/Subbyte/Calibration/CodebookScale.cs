namespace Subbyte.Calibration;

/// <summary>
/// The scale at which a codebook leaves the smallest squared error (one-hot networks, section 3.2): the best of 126 grid points, then the
/// alternation of least-squares scale and nearest codes.
/// </summary>
/// <remarks>
/// Codes are monotone in the magnitude, so over sorted magnitudes a code is a run, and prefix sums of n, x and x² give each run's share of
/// Σ(x − s·q)² and of the least-squares fit: a scale costs a binary search a level instead of a pass over the values.
/// </remarks>
public sealed class CodebookScale
{
    private const int Candidates = 126;
    private const int Rounds = 20;

    private readonly double[] _magnitudes;
    private readonly MagnitudeCodebook _codebook;
    private readonly double[] _counts;
    private readonly double[] _sums;
    private readonly double[] _squares;

    private CodebookScale(double[] sortedMagnitudes, ReadOnlySpan<long> counts, MagnitudeCodebook codebook)
    {
        _magnitudes = sortedMagnitudes;
        _codebook = codebook;
        _counts = new double[sortedMagnitudes.Length + 1];
        _sums = new double[sortedMagnitudes.Length + 1];
        _squares = new double[sortedMagnitudes.Length + 1];
        for (var i = 0; i < sortedMagnitudes.Length; i++)
        {
            double count = counts.IsEmpty ? 1 : counts[i];
            _counts[i + 1] = _counts[i] + count;
            _sums[i + 1] = _sums[i] + (count * sortedMagnitudes[i]);
            _squares[i + 1] = _squares[i] + (count * (sortedMagnitudes[i] * sortedMagnitudes[i]));
        }
    }

    /// <summary>The best scale for values.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="codebook">Levels and thresholds.</param>
    /// <returns>The scale; 1 when all values are 0.</returns>
    public static double Of(ReadOnlySpan<float> values, MagnitudeCodebook codebook)
    {
        var magnitudes = new double[values.Length];
        for (var i = 0; i < magnitudes.Length; i++) magnitudes[i] = Math.Abs((double)values[i]);
        Array.Sort(magnitudes);
        return new CodebookScale(magnitudes, [], codebook).Best(MinMaxClip.Of(values));
    }

    /// <summary>The best scale for a histogram, whose bins stand for their centres.</summary>
    /// <param name="histogram">Counts of |x|.</param>
    /// <param name="codebook">Levels and thresholds.</param>
    /// <param name="powerOfTwo">Whether the scale must be a power of two.</param>
    /// <returns>The scale; 1 when all values are 0.</returns>
    public static double Of(AbsoluteHistogram histogram, MagnitudeCodebook codebook, bool powerOfTwo = false)
    {
        var centres = new double[histogram.Counts.Length];
        for (var bin = 0; bin < centres.Length; bin++) centres[bin] = histogram.Centre(bin);
        var search = new CodebookScale(centres, histogram.Counts.Span, codebook);
        return powerOfTwo ? search.BestPowerOfTwo(histogram.Maximum) : search.Best(histogram.Maximum);
    }

    private double Best(double maximum)
    {
        if (maximum == 0) return 1;
        var best = (Scale: 0.0, Error: double.PositiveInfinity);
        for (var j = Candidates - 1; j >= 0; j--)
        {
            var scale = (5 + j) / 100.0 * maximum / _codebook.Largest;
            var error = SquaredError(scale, Runs(scale));
            if (error < best.Error) best = (scale, error);
        }

        return Alternate(best).Scale;
    }

    /// <summary>The best of the powers of two around the grid; the larger of two equally good ones.</summary>
    private double BestPowerOfTwo(double maximum)
    {
        if (maximum == 0) return 1;
        var best = (Scale: 0.0, Error: double.PositiveInfinity);
        var highest = Math.ILogB(maximum / _codebook.Largest) + 1;
        for (var exponent = highest; exponent > highest - 8; exponent--)
        {
            var scale = Math.ScaleB(1, exponent);
            var error = SquaredError(scale, Runs(scale));
            if (error < best.Error) best = (scale, error);
        }

        return best.Scale;
    }

    /// <summary>Least-squares scale for fixed codes, nearest codes for a fixed scale, until the codes repeat; keeps the best scale met.</summary>
    private (double Scale, double Error) Alternate((double Scale, double Error) best)
    {
        var runs = Runs(best.Scale);
        for (var round = 0; round < Rounds; round++)
        {
            var scale = LeastSquares(runs);
            var next = Runs(scale);
            var error = SquaredError(scale, next);
            if (error < best.Error) best = (scale, error);
            if (next.AsSpan().SequenceEqual(runs)) break;
            runs = next;
        }

        return best;
    }

    /// <summary>For each level the index of its first magnitude, and the number of magnitudes at the end.</summary>
    private int[] Runs(double scale)
    {
        var runs = new int[_codebook.Levels.Length + 1];
        for (var level = 1; level < _codebook.Levels.Length; level++)
        {
            var (low, high) = (runs[level - 1], _magnitudes.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_magnitudes[middle] / scale >= _codebook.Thresholds[level - 1]) high = middle;
                else low = middle + 1;
            }

            runs[level] = low;
        }

        runs[^1] = _magnitudes.Length;
        return runs;
    }

    private double LeastSquares(int[] runs)
    {
        double product = 0, square = 0;
        for (var level = 0; level < _codebook.Levels.Length; level++)
        {
            double code = _codebook.Levels[level];
            product += code * Share(_sums, runs, level);
            square += code * code * Share(_counts, runs, level);
        }

        return product / square;
    }

    private double SquaredError(double scale, int[] runs)
    {
        double error = 0;
        for (var level = 0; level < _codebook.Levels.Length; level++)
        {
            var value = scale * _codebook.Levels[level];
            error += Share(_squares, runs, level) - (2 * value * Share(_sums, runs, level)) + (value * value * Share(_counts, runs, level));
        }

        return error;
    }

    private static double Share(double[] prefix, int[] runs, int level) => prefix[runs[level + 1]] - prefix[runs[level]];
}

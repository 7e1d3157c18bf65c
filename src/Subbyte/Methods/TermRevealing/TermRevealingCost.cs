using System.Numerics;
using Subbyte.Costs;
using Subbyte.Formats;
using Subbyte.Lowering;

namespace Subbyte.Methods.TermRevealing;

/// <summary>
/// What a layer costs under Term Revealing: term pairs three ways, cycles of three processing elements on the paper's array, storage of
/// the terms. A layer whose weights keep all their terms counts as the array's plain mode: groups of one weight with a budget of b_w.
/// </summary>
/// <remarks>
/// Operations, all for one sample:
/// <c>termPairs.published</c> = MACs·α·min(s, b_d), α = k/g or, for g = 1, min(k, b_w): what the authors count;
/// <c>termPairs.bound</c> = positions·outputs·⌈C/g⌉·kernel·k·s: every group charged its whole budget, short ones too;
/// <c>bitOperations</c>: the same, a term pair being what a product of two bits is to the untruncated baseline;
/// <c>termPairs.actual</c>: pairs of terms that exist, Σk (Σn tA[n,k])·(Σm tW[m,k]), the mean over the samples shown;
/// <c>termPairs.qt</c> = MACs·b_w·b_d and <c>termPairs.qtMagnitude</c> = MACs·(b_w−1)·(b_d−1): the untruncated baseline with and without
/// the sign counted as a bit;
/// <c>weightTerms</c>: weight terms kept; <c>weightBits.published</c> = terms·(⌈log2 b_w⌉ + 2), which charges a zero weight nothing;
/// <c>cycles.tmac</c>, <c>cycles.pmac</c>, <c>cycles.bmac</c>: <see cref="TermMacArray"/> with term, bit-parallel and bit-serial MACs.
/// The energy is modelled: a term pair is two 8-bit additions (exponents, counter), a dot product ends with one 32-bit addition for each
/// coefficient, and the weights are read once.
/// </remarks>
public sealed class TermRevealingCost : ICostModel
{
    private readonly DotProductLayer _layer;
    private readonly int _group;
    private readonly int _budget;
    private readonly int _dataTerms;
    private readonly int _weightBits;
    private readonly int _dataBits;
    private readonly int _planes;
    private readonly int _coefficients;
    private readonly double _activationBits;
    private readonly long _storageBits;
    private readonly long _publishedBits;
    private readonly long _keptTerms;
    private readonly int _lowest;
    private readonly byte[] _termsOfCode;
    private readonly long[] _weightTerms;

    /// <summary>The cost of a revealed layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">Group size, budget, data terms and encoding.</param>
    /// <param name="planes">The revealed planes, for their scales.</param>
    /// <param name="revealed">Terms of each plane.</param>
    /// <param name="input">Quantizer of the data, or null where they stay float.</param>
    public TermRevealingCost(DotProductLayer layer, TermRevealingOptions options, IReadOnlyList<WeightPlane> planes, IReadOnlyList<RevealedWeights> revealed, IActivationQuantizer? input)
    {
        var truncated = RevealedWeights.Truncates(layer);
        _layer = layer;
        _planes = planes.Count;
        _weightBits = revealed.Max(plane => plane.Bits);
        _group = truncated ? options.Group : 1;
        _budget = truncated ? options.Budget : _weightBits;
        _dataTerms = options.Terms;
        var dataMagnitude = input is null ? (1 << options.DataBits) - 1 : TermRevealingDatapath.Magnitude(input);
        _dataBits = BitLength(dataMagnitude);
        _coefficients = _weightBits + _dataBits + (options.Encoding is SignedDigitEncoding.Booth2 or SignedDigitEncoding.Booth4 ? 1 : 0);
        _activationBits = input?.Bits ?? 32;
        _keptTerms = revealed.Sum(plane => plane.Terms.Sum(count => (long)count));
        _publishedBits = revealed.Sum(plane => plane.Terms.Sum(count => (long)count) * (BitLength(plane.Bits - 1) + 2));
        _storageBits = truncated
            ? revealed.Zip(planes, (terms, plane) => TermStorageBits(terms, options.Encoding) + TermRevealingQuantizer.ScaleBits(plane)).Sum()
            : planes.Sum(TermRevealingQuantizer.FixedWidthBits);
        _weightTerms = SumOverOutputs(layer, revealed);
        (_lowest, _termsOfCode) = input is null ? (0, []) : DataTerms(input, options);
    }

    /// <inheritdoc/>
    public bool NeedsRows => _termsOfCode.Length > 0;

    /// <summary>Groups of weights of one dot product, all planes.</summary>
    public long Steps => TermMacArray.Groups(_layer, _group) * _planes;

    /// <summary>Cycles of one group: its budget times the terms of a data value.</summary>
    public int Beat => _budget * _dataTerms;

    /// <inheritdoc/>
    public ICostCounter Start() => new Counter(this);

    /// <summary>
    /// Bits of weights stored as terms: a word of exponent, sign and end-of-value mark for each term, and one word for each weight without
    /// terms, whose exponent code is one that no term has.
    /// </summary>
    /// <param name="weights">The revealed weights.</param>
    /// <param name="encoding">The rule; Booth encoders use one more exponent.</param>
    /// <returns>Bits.</returns>
    public static long TermStorageBits(RevealedWeights weights, SignedDigitEncoding encoding)
    {
        var exponents = weights.Bits + (encoding is SignedDigitEncoding.Booth2 or SignedDigitEncoding.Booth4 ? 1 : 0);
        long words = 0;
        foreach (var count in weights.Terms) words += Math.Max(1, (int)count);
        return words * (BitLength(exponents) + 2);
    }

    private static long[] SumOverOutputs(DotProductLayer layer, IReadOnlyList<RevealedWeights> revealed)
    {
        var sums = new long[layer.Groups * layer.Depth];
        var outputs = layer.Outputs / layer.Groups;
        foreach (var plane in revealed)
        {
            for (var m = 0; m < layer.Outputs; m++)
            {
                var start = m / outputs * layer.Depth;
                for (var k = 0; k < layer.Depth; k++) sums[start + k] += plane.Terms[(m * layer.Depth) + k];
            }
        }

        return sums;
    }

    private static (int Lowest, byte[] Terms) DataTerms(IActivationQuantizer input, TermRevealingOptions options)
    {
        var digits = new SignedDigitTable(options.DataDigits, TermRevealingDatapath.Magnitude(input));
        var terms = new byte[input.Range.Count];
        for (var i = 0; i < terms.Length; i++)
            terms[i] = (byte)Math.Min(options.Terms, digits.Count(Math.Abs(input.Range.Lowest + i - input.ZeroPoint)));
        return (input.Range.Lowest, terms);
    }

    // ⌈log2(n + 1)⌉.
    private static int BitLength(int n) => 32 - BitOperations.LeadingZeroCount((uint)n);

    private LayerCost Count(double? actualPairs)
    {
        double macs = _layer.Macs;
        var results = (double)_layer.Positions * _layer.Outputs;
        var bound = results * TermMacArray.Groups(_layer, _group) * _budget * _dataTerms * _planes;
        var weightTermsPerMac = _group == 1 ? Math.Min(_budget, _weightBits) : (double)_budget / _group;
        var array = new TermMacArray();
        double Cycles(long beat) => (double)array.Cycles(_layer, _group, beat) * _planes;
        var operations = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["termPairs.published"] = macs * _planes * weightTermsPerMac * Math.Min(_dataTerms, _dataBits),
            ["termPairs.bound"] = bound,
            ["bitOperations"] = bound,
            ["termPairs.qt"] = macs * _planes * _weightBits * _dataBits,
            ["termPairs.qtMagnitude"] = macs * _planes * (_weightBits - 1) * (_dataBits - 1),
            ["weightTerms"] = _keptTerms,
            ["weightBits.published"] = _publishedBits,
            ["cycles.tmac"] = Cycles((long)_budget * _dataTerms),
            ["cycles.pmac"] = Cycles(_group),
            ["cycles.bmac"] = Cycles((long)_group * _weightBits * _dataBits),
        };
        if (actualPairs is { } actual) operations["termPairs.actual"] = actual;
        return new LayerCost
        {
            Macs = macs,
            Operations = operations,
            Cycles = operations["cycles.tmac"],
            EnergyPicojoules = Energy(actualPairs ?? bound, results * _planes) + EnergyTable.Default.WeightTraffic(_storageBits),
            WeightStorageBits = _storageBits,
            Weights = (double)_layer.Outputs * _layer.Depth,
            ActivationBits = _activationBits,
        };
    }

    private double Energy(double pairs, double results)
        => _activationBits >= 32
            ? _layer.Macs * EnergyTable.Default.MultiplyAccumulate(_weightBits, _activationBits)
            : (pairs * 2 * EnergyTable.Default.AddInt8) + (results * _coefficients * EnergyTable.Default.AddInt32);

    private sealed class Counter(TermRevealingCost cost) : ICostCounter
    {
        private long _pairs;

        public void Observe(ReadOnlySpan<short> rows, int group)
        {
            if (!cost.NeedsRows) return;
            var depth = cost._layer.Depth;
            var dataTerms = new int[depth];
            for (var start = 0; start < rows.Length; start += depth)
            {
                var row = rows.Slice(start, depth);
                for (var k = 0; k < depth; k++) dataTerms[k] += cost._termsOfCode[row[k] - cost._lowest];
            }

            var weightTerms = cost._weightTerms.AsSpan(group * depth, depth);
            for (var k = 0; k < depth; k++) _pairs += dataTerms[k] * weightTerms[k];
        }

        public LayerCost Count(int samples) => cost.Count(samples > 0 && cost.NeedsRows ? (double)_pairs / samples : null);
    }
}

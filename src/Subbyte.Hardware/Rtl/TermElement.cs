using System.Numerics;
using Subbyte.Formats;
using Subbyte.Methods.TermRevealing;

namespace Subbyte.Hardware.Rtl;

/// <summary>The term MAC: the kept terms of a group of weights and the terms of its data values a step, all pairs one after the other.</summary>
/// <param name="options">Group size, budget, data terms and encoding.</param>
/// <param name="weights">Weight codes before revealing [filters][depth].</param>
/// <param name="zeroPoint">Base code of data that is zero.</param>
/// <param name="channels">Channels at one kernel position, over which groups do not reach.</param>
/// <param name="depth">Length of a dot product.</param>
/// <param name="slots">What the element has place for; what its own mode needs when null.</param>
internal sealed class TermElement(TermRevealingOptions options, short[] weights, int zeroPoint, int channels, int depth, TermSlots? slots = null) : RtlElement
{
    private const int ExponentBits = 4;

    private readonly int _groups = (channels + options.Group - 1) / options.Group;
    private readonly TermSlots _slots = slots ?? new TermSlots(options.Budget, options.Group * options.Terms, Math.Max(1, int.Log2(Math.Max(1, options.Group - 1)) + 1));
    private readonly TermMac _mac = new(options);
    private readonly SignedTerm[] _terms = new SignedTerm[SignedDigits.MaximumTerms];

    public override string Name => "tmac";

    public override string Folder => "tmac";

    public override int Kind => 6;

    public override int XBits => (ExponentBits + 2) * _slots.Data;

    public override int WBits => WeightSlotBits * _slots.Weights;

    public override IReadOnlyList<int> Parameters => [_slots.Weights, _slots.Data, _slots.IndexBits];

    public override int Steps => depth / channels * _groups;

    public override int Beat => options.Budget * options.Terms;

    public override TermRevealingControl Control => new(options.Encoding != SignedDigitEncoding.Binary, true, options.WeightBits, options.Group, options.Budget, options.Terms);

    /// <summary>What the element has place for.</summary>
    internal TermSlots Slots => _slots;

    private int WeightSlotBits => ExponentBits + 2 + _slots.IndexBits;

    public override BigInteger ActivationWord(ReadOnlySpan<short> row, int step)
    {
        var word = BigInteger.Zero;
        var (start, length) = Group(step);
        for (var i = 0; i < length; i++)
        {
            var value = row[start + i] - zeroPoint;
            var count = Math.Min(options.Terms, SignedDigits.Encode(options.DataDigits, Math.Abs(value), _terms));
            for (var j = 0; j < count; j++) word |= Slot(_terms[j], value < 0) << (((i * options.Terms) + j) * (ExponentBits + 2));
        }

        return word;
    }

    public override BigInteger WeightWord(int filter, int step)
    {
        var (start, length) = Group(step);
        var word = BigInteger.Zero;
        var slot = 0;
        foreach (var (index, term, isNegative) in Kept(weights.AsSpan((filter * depth) + start, length), options.BudgetOf(length)))
            word |= (index | (Slot(term, isNegative) << _slots.IndexBits)) << (slot++ * WeightSlotBits);
        return word;
    }

    public override long Step(ReadOnlySpan<short> row, int filter, int step)
    {
        var (start, length) = Group(step);
        Span<short> data = stackalloc short[length];
        for (var i = 0; i < length; i++) data[i] = (short)(row[start + i] - zeroPoint);
        _mac.Clear();
        _mac.AddGroup(weights.AsSpan((filter * depth) + start, length), data, options.BudgetOf(length));
        return _mac.Sum;
    }

    /// <summary>The same element with more places.</summary>
    internal TermElement With(TermSlots places) => new(options, weights, zeroPoint, channels, depth, places);

    /// <summary>Pairs of kept terms of a step: cycles of its beat in which the element works.</summary>
    internal long Pairs(ReadOnlySpan<short> row, int filter, int step)
    {
        Step(row, filter, step);
        return _mac.Pairs;
    }

    /// <summary>The terms of a group in the order in which they surface, as many as the budget holds.</summary>
    internal IEnumerable<(int Index, SignedTerm Term, bool IsNegative)> Kept(ReadOnlySpan<short> group, int budget)
    {
        var all = new List<(int Index, SignedTerm Term, bool IsNegative)>();
        for (var i = 0; i < group.Length; i++)
        {
            var count = SignedDigits.Encode(options.Encoding, Math.Abs((int)group[i]), _terms);
            for (var j = 0; j < count; j++) all.Add((i, _terms[j], group[i] < 0));
        }

        return all.OrderByDescending(entry => entry.Term.Exponent).ThenBy(entry => entry.Index).Take(budget);
    }

    private static BigInteger Slot(SignedTerm term, bool isNegative) => term.Exponent | ((term.IsNegative != isNegative ? 1 : 0) << ExponentBits) | (1 << (ExponentBits + 1));

    private (int Start, int Length) Group(int step)
    {
        var channel = step % _groups * options.Group;
        return ((step / _groups * channels) + channel, Math.Min(options.Group, channels - channel));
    }
}

using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>
/// Activations on the levels that sums of a few scales make, each a digit of a word: base codes count the levels in ascending order from 1; code 0 is a zero
/// word, which padded positions hold. The nearest level is taken, ties going down.
/// </summary>
internal sealed class LevelActivations : IMultiLevelActivations
{
    private readonly float[] _values;
    private readonly float[] _boundaries;

    /// <summary>A quantizer.</summary>
    /// <param name="filledBy">Name of the method.</param>
    /// <param name="scales">Scale of each digit.</param>
    /// <param name="digits">The digits that a word may hold: −1, 0, 1, or two of them.</param>
    /// <param name="bits">Nominal width of a code in bits.</param>
    public LevelActivations(string filledBy, ReadOnlySpan<float> scales, ReadOnlySpan<int> digits, double bits)
    {
        (FilledBy, Bits) = (filledBy, bits);
        var words = Words(scales, digits);
        _values = [.. words.Select(word => (float)word.Value)];
        _boundaries = [.. _values.Skip(1).Select((value, i) => (value + _values[i]) / 2)];
        Range = new CodeRange(0, words.Count);
        Digits = [.. scales.ToArray().Select((scale, i) => (new TableCode(Range, code => code == 0 ? 0 : words[code - 1].Digits[i]), scale))];
    }

    /// <inheritdoc/>
    public string FilledBy { get; }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public float Scale => 1;

    /// <inheritdoc/>
    public int ZeroPoint => 0;

    /// <inheritdoc/>
    public double Bits { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(TableCode Code, float Scale)> Digits { get; }

    /// <summary>The levels in ascending order.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<short> codes)
    {
        for (var i = 0; i < values.Length; i++) codes[i] = (short)Code(values[i]);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes)
    {
        for (var i = 0; i < values.Length; i++) codes[i] = (byte)(Code(values[i]) + shift);
    }

    private int Code(float value)
    {
        var code = 1;
        foreach (var boundary in _boundaries) code += value > boundary ? 1 : 0;
        return code;
    }

    /// <summary>Words with distinct values in ascending order; of equal ones that with fewest digits other than zero.</summary>
    private static List<(double Value, int[] Digits)> Words(ReadOnlySpan<float> scales, ReadOnlySpan<int> digits)
    {
        var words = new List<(double Value, int[] Digits)> { (0, []) };
        foreach (var scale in scales)
        {
            var longer = new List<(double Value, int[] Digits)>();
            foreach (var (value, word) in words)
            {
                foreach (var digit in digits) longer.Add((value + (digit * (double)scale), [.. word, digit]));
            }

            words = longer;
        }

        return [.. words.GroupBy(word => (float)word.Value).Select(group => group.MinBy(word => word.Digits.Count(digit => digit != 0))).OrderBy(word => word.Value)];
    }
}

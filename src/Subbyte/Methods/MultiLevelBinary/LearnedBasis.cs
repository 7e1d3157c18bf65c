namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>
/// LQ-Nets' learned basis of a row: the nearest of the 2ⁿ sorted levels <c>v·e</c>, thresholds midway; in each step <c>v ← 0.9·v + 0.1·v*</c> with
/// <c>v* = (BᵀB + εI)⁻¹(Bᵀx + ε·v)</c>, ε = 10⁻⁴.
/// </summary>
/// <param name="levels">Levels, n.</param>
/// <param name="fanOut">k²·outputs, for the start.</param>
internal sealed class LearnedBasis(int levels, int fanOut) : IBinaryBasis
{
    private const double Ridge = 1e-4;
    private const float Kept = 0.9f;

    /// <inheritdoc/>
    public int StateLength => levels;

    /// <inheritdoc/>
    public void Start(ReadOnlySpan<float> row, Span<float> state)
    {
        for (var j = 0; j < levels; j++) state[j] = (float)((1 << j) * 0.6745 * Math.Sqrt(2.0 / fanOut) / (1 << (levels - 1)));
    }

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<float> row, Span<float> state)
    {
        var digits = new sbyte[levels * row.Length];
        Encode(row, state, new double[levels], digits);
        var (normal, right) = LeastSquares.Moments(row, digits, levels);
        for (var i = 0; i < levels; i++)
        {
            normal[i, i] += Ridge;
            right[i] += Ridge * state[i];
        }

        var solution = normal.Solve(right);
        for (var i = 0; i < levels; i++) state[i] = (Kept * state[i]) + ((1 - Kept) * (float)solution[i]);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> row, ReadOnlySpan<float> state, Span<double> scales, Span<sbyte> digits)
    {
        for (var i = 0; i < levels; i++) scales[i] = state[i];
        var basis = scales.ToArray();
        var words = Enumerable.Range(0, 1 << levels).Select(word => (Value: Enumerable.Range(0, levels).Sum(i => basis[i] * Digit(word, i)), Word: word)).OrderBy(level => level.Value).ToArray();
        for (var k = 0; k < row.Length; k++)
        {
            var best = 0;
            while (best + 1 < words.Length && row[k] > (words[best].Value + words[best + 1].Value) / 2) best++;
            for (var i = 0; i < levels; i++) digits[(i * row.Length) + k] = (sbyte)Digit(words[best].Word, i);
        }
    }

    private static int Digit(int word, int level) => ((word >> level) & 1) == 0 ? -1 : 1;
}

namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>
/// Residual binarization (ReBNet's recursion on weights): level after level <c>b = sgn(r)</c> with sgn(0) = +1, <c>γ = mean|r|</c>, <c>r −= γ·b</c>.
/// </summary>
internal sealed class ResidualBasis : IBinaryBasis
{
    /// <inheritdoc/>
    public int StateLength => 0;

    /// <inheritdoc/>
    public void Start(ReadOnlySpan<float> row, Span<float> state)
    {
        // Scales follow the latents.
    }

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<float> row, Span<float> state)
    {
        // Scales follow the latents.
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> row, ReadOnlySpan<float> state, Span<double> scales, Span<sbyte> digits)
    {
        var residual = new double[row.Length];
        for (var k = 0; k < residual.Length; k++) residual[k] = row[k];
        for (var level = 0; level < scales.Length; level++)
        {
            double sum = 0;
            foreach (var value in residual) sum += Math.Abs(value);
            scales[level] = (float)(sum / residual.Length);
            for (var k = 0; k < residual.Length; k++)
            {
                var digit = residual[k] >= 0 ? 1 : -1;
                digits[(level * row.Length) + k] = (sbyte)digit;
                residual[k] -= digit * scales[level];
            }
        }
    }
}

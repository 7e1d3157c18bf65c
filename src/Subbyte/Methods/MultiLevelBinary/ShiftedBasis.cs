using MathNet.Numerics.LinearAlgebra;

namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>
/// ABC-Net's bases: <c>B_i = sgn(W − mean + u_i·std)</c> with <c>u_i = −1 + 2(i − 1)/(M − 1)</c>, and the scales of least squared error; one base is <c>sgn(W − mean)</c> with the mean of
/// |W − mean|. Mean and deviation over the row.
/// </summary>
internal sealed class ShiftedBasis : IBinaryBasis
{
    /// <inheritdoc/>
    public int StateLength => 0;

    /// <inheritdoc/>
    public void Start(ReadOnlySpan<float> row, Span<float> state)
    {
        // Bases follow the latents.
    }

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<float> row, Span<float> state)
    {
        // Bases follow the latents.
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> row, ReadOnlySpan<float> state, Span<double> scales, Span<sbyte> digits)
    {
        double sum = 0, square = 0, magnitude = 0;
        foreach (var weight in row) sum += weight;
        var mean = sum / row.Length;
        foreach (var weight in row) (square, magnitude) = (square + ((weight - mean) * (weight - mean)), magnitude + Math.Abs(weight - mean));
        var deviation = Math.Sqrt(square / row.Length);
        for (var level = 0; level < scales.Length; level++)
        {
            var shift = scales.Length == 1 ? 0 : -1 + (2.0 * level / (scales.Length - 1));
            for (var k = 0; k < row.Length; k++) digits[(level * row.Length) + k] = (sbyte)(row[k] - mean + (shift * deviation) >= 0 ? 1 : -1);
        }

        if (scales.Length == 1) scales[0] = (float)(magnitude / row.Length);
        else LeastSquares.Fit(row, digits, scales);
    }
}

/// <summary>Scales of least squared error for digits as they are.</summary>
internal static class LeastSquares
{
    /// <summary>Fits the scales; equal bases share theirs (a ridge of 10⁻⁹).</summary>
    /// <param name="row">Values.</param>
    /// <param name="digits">±1 [level][k].</param>
    /// <param name="scales">Takes the scales.</param>
    public static void Fit(ReadOnlySpan<float> row, ReadOnlySpan<sbyte> digits, Span<double> scales)
    {
        var (normal, right) = Moments(row, digits, scales.Length);
        for (var i = 0; i < scales.Length; i++) normal[i, i] += 1e-9 * row.Length;
        var solution = normal.Solve(right);
        for (var i = 0; i < scales.Length; i++) scales[i] = (float)solution[i];
    }

    /// <summary>BᵀB and Bᵀx.</summary>
    /// <param name="row">Values.</param>
    /// <param name="digits">±1 [level][k].</param>
    /// <param name="levels">Levels.</param>
    /// <returns>The matrix and the vector.</returns>
    public static (Matrix<double> Normal, Vector<double> Right) Moments(ReadOnlySpan<float> row, ReadOnlySpan<sbyte> digits, int levels)
    {
        var normal = Matrix<double>.Build.Dense(levels, levels);
        var right = Vector<double>.Build.Dense(levels);
        for (var k = 0; k < row.Length; k++)
        {
            for (var i = 0; i < levels; i++)
            {
                var digit = digits[(i * row.Length) + k];
                right[i] += digit * (double)row[k];
                for (var j = 0; j < levels; j++) normal[i, j] += digit * digits[(j * row.Length) + k];
            }
        }

        return (normal, right);
    }
}

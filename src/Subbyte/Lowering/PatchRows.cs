namespace Subbyte.Lowering;

/// <summary>Patch rows of one group of a layer: rows of its input matrix, padding included as zeros.</summary>
/// <param name="Depth">Length of a row.</param>
/// <param name="Values">Rows, one after the other [count][depth], k channel-fastest.</param>
public sealed record PatchRows(int Depth, float[] Values)
{
    /// <summary>Default number of rows that are drawn from calibration samples.</summary>
    public const int DefaultCount = 12_000;

    /// <summary>Number of rows.</summary>
    public int Count => Values.Length / Depth;

    /// <summary>One row.</summary>
    /// <param name="row">Row, 0 ≤ row &lt; <see cref="Count"/>.</param>
    /// <returns>Its values.</returns>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Depth, Depth);
}

namespace Subbyte.Kernels;

/// <summary>
/// The layout of packed weights, the same for every instruction set: <see cref="Width"/> neighbouring outputs form a panel, which holds
/// for each step of <c>k</c> one cache line — the weights of those outputs — and is padded with zeros where outputs or <c>k</c> end.
/// </summary>
internal static class Panel
{
    /// <summary>Outputs of one panel: one 512-bit or two 256-bit vectors of 32-bit accumulators.</summary>
    public const int Width = 16;

    /// <summary>Number of panels for <paramref name="outputs"/> outputs.</summary>
    /// <param name="outputs">Number of outputs.</param>
    public static int Count(int outputs) => (outputs + Width - 1) / Width;

    /// <summary>Writes row-major weights [output][k] into zeroed panels [panel][k / step][output in panel][k mod step].</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="weights">Row-major weights, outputs × depth.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="depth">Weights of one output.</param>
    /// <param name="step">Neighbouring <c>k</c> that stay together.</param>
    /// <param name="panels">Room for all panels; its padding is left as it is.</param>
    public static void Fill<T>(ReadOnlySpan<T> weights, int outputs, int depth, int step, Span<T> panels)
    {
        var panelLength = (depth + step - 1) / step * step * Width;
        for (var output = 0; output < outputs; output++)
        {
            var row = weights.Slice(output * depth, depth);
            var panel = panels.Slice(output / Width * panelLength, panelLength);
            var lane = output % Width * step;
            for (var k = 0; k < row.Length; k++)
                panel[(k / step * Width * step) + lane + (k % step)] = row[k];
        }
    }
}

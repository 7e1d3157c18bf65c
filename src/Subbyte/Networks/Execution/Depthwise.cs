namespace Subbyte.Networks.Execution;

/// <summary>Weights of depthwise convolutions in the order that their kernels take.</summary>
internal static class Depthwise
{
    /// <summary>From [channels][kernel positions] to [kernel positions][channels].</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="weights">Weights [channels][depth].</param>
    /// <param name="channels">Channels.</param>
    /// <param name="depth">Kernel positions.</param>
    /// <returns>Weights [depth][channels].</returns>
    public static T[] Transpose<T>(ReadOnlySpan<T> weights, int channels, int depth)
    {
        var transposed = new T[weights.Length];
        for (var c = 0; c < channels; c++)
        {
            for (var k = 0; k < depth; k++) transposed[(k * channels) + c] = weights[(c * depth) + k];
        }

        return transposed;
    }
}

namespace Subbyte.Networks.Operators;

/// <summary>Rearranges blocks of a tensor along one axis.</summary>
internal static class AxisGather
{
    /// <summary>Copies, for each index of the axes before and each output position, the block at the input position that it reads.</summary>
    /// <param name="source">Bytes [outer][inputs][block].</param>
    /// <param name="inputs">Positions of the axis.</param>
    /// <param name="sources">Input position of each output position.</param>
    /// <param name="block">Bytes of one position.</param>
    /// <param name="target">Takes [outer][sources][block].</param>
    public static void Copy(ReadOnlySpan<byte> source, int inputs, ReadOnlySpan<int> sources, int block, Span<byte> target)
    {
        if (block == 0 || sources.IsEmpty || target.IsEmpty) return;
        var (from, to) = (inputs * block, sources.Length * block);
        for (var outer = 0; outer < target.Length / to; outer++)
        {
            for (var i = 0; i < sources.Length; i++)
                source.Slice((outer * from) + (sources[i] * block), block).CopyTo(target[((outer * to) + (i * block))..]);
        }
    }
}

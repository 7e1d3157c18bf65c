namespace Subbyte.Runtime;

/// <summary>A product each of whose results is a function of one integer sum.</summary>
internal interface ISumTiles
{
    /// <summary>What is added to the sums of each output.</summary>
    ReadOnlySpan<int> Offsets { get; }

    /// <summary>No sum is larger, or below its negative, before the offset.</summary>
    long LargestSum { get; }

    /// <summary>Whether the results of an output ascend (1) or descend (−1) with the sum, all parameters being finite; null where they do neither.</summary>
    /// <param name="output">The output.</param>
    /// <returns>The direction; 1 where the result is constant.</returns>
    int? Direction(int output);

    /// <summary>The sums of a tile.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    /// <param name="memory">Memory of the worker.</param>
    /// <returns>Sums [position][output] in the worker's memory.</returns>
    ReadOnlySpan<int> Sum(int tile, Span<byte> shared, Span<byte> memory);

    /// <summary>What the step makes of sums.</summary>
    /// <param name="sums">Sums [position][output].</param>
    /// <param name="block">Takes as many results.</param>
    void Finish(ReadOnlySpan<int> sums, Span<float> block);
}

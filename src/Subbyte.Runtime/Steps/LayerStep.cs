namespace Subbyte.Runtime;

/// <summary>A dot-product layer: one value in, one out. It may stand alone or within a step that calls it with memory of its own.</summary>
/// <param name="name">Its name.</param>
/// <param name="inputs">The value that it reads.</param>
/// <param name="output">The value that it makes.</param>
public abstract class LayerStep(string name, IReadOnlyList<int> inputs, int output) : PackedStep(name, inputs, output)
{
    /// <summary>The layer with weights that share bytes where they are ternary.</summary>
    /// <returns>The layer.</returns>
    public abstract override LayerStep SharingBytes();

    /// <summary>Whether the first input is a map of codes.</summary>
    internal bool ReadsCodes { get; private protected init; }

    internal sealed override void Prepare(SessionFrame frame)
    {
        if (ReadsCodes) PrepareCodes(frame.Codes(Inputs[0]), frame.Shared);
        else Prepare(frame.Value(Inputs[0]), frame.Shared);
    }

    internal sealed override void RunTile(SessionFrame frame, int tile, int worker) => RunTile(tile, Input(frame), frame.Value(Output), frame.Shared, frame.Worker(worker));

    internal sealed override void RunBlock(SessionFrame frame, int tile, int worker, Span<float> block) => RunBlock(tile, Input(frame), block, frame.Shared, frame.Worker(worker));

    /// <summary>Does what has to be done before the tiles.</summary>
    /// <param name="x">The input.</param>
    /// <param name="shared">Memory that the tiles share, <see cref="PackedStep.SharedBytes"/>.</param>
    internal abstract void Prepare(ReadOnlySpan<float> x, Span<byte> shared);

    /// <summary>Does what has to be done before the tiles, of an input that is encoded already.</summary>
    /// <param name="codes">Codes of <see cref="PackedStep.Form"/>.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    internal virtual void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared) => throw new NotSupportedException("this layer takes no codes");

    /// <summary>Does one tile.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="x">The input; empty where codes were prepared.</param>
    /// <param name="y">The output, of which the tile makes its part.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    /// <param name="memory">Memory of the worker, <see cref="PackedStep.WorkerBytes"/>.</param>
    internal virtual void RunTile(int tile, ReadOnlySpan<float> x, Span<float> y, Span<byte> shared, Span<byte> memory)
    {
        var (first, count) = ElementsOf(tile);
        RunBlock(tile, x, y.Slice(first, count), shared, memory);
    }

    /// <summary>Does one tile whose elements follow each other.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="x">The input; empty where codes were prepared.</param>
    /// <param name="block">Takes the elements of <see cref="PackedStep.ElementsOf"/>.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    /// <param name="memory">Memory of the worker.</param>
    internal abstract void RunBlock(int tile, ReadOnlySpan<float> x, Span<float> block, Span<byte> shared, Span<byte> memory);

    /// <summary>Does all of it.</summary>
    /// <param name="x">The input.</param>
    /// <param name="y">Takes the output.</param>
    /// <param name="shared">Memory, <see cref="PackedStep.SharedBytes"/>.</param>
    /// <param name="memory">Memory, <see cref="PackedStep.WorkerBytes"/>.</param>
    internal void Run(ReadOnlySpan<float> x, Span<float> y, Span<byte> shared, Span<byte> memory)
    {
        Prepare(x, shared);
        for (var tile = 0; tile < Tiles; tile++) RunTile(tile, x, y, shared, memory);
    }

    private ReadOnlySpan<float> Input(SessionFrame frame) => ReadsCodes ? default : frame.Value(Inputs[0]);
}

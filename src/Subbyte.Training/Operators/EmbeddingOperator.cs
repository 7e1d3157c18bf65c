using System.Numerics.Tensors;

namespace Subbyte.Training;

/// <summary>Rows of a table, chosen by the ids of words.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Ids, one a position.</param>
/// <param name="output">The chosen rows [position][column].</param>
/// <param name="table">The table [word][column].</param>
internal sealed class EmbeddingOperator(string name, FeatureMap input, FeatureMap output, Parameter table) : Operator(name, input, output)
{
    /// <summary>Words of the table whose gradients one tile finishes.</summary>
    private const int TileWords = 512;

    private readonly int _columns = output.Channels;
    private readonly int _words = table.Length / output.Channels;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [table];

    /// <inheritdoc/>
    public override int GradientTiles => (_words + TileWords - 1) / TileWords;

    /// <inheritdoc/>
    public override void ClaimGradients()
    {
        // Ids have no gradient.
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var ids = block.Values(Input);
        var y = block.Values(Output);
        for (var i = 0; i < ids.Length; i++) table.Values.AsSpan((int)ids[i] * _columns, _columns).CopyTo(y[(i * _columns)..]);
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        // The table's gradient is finished tile by tile: a share for each block would be as long as the table.
    }

    /// <summary>Adds the rows' gradients to those of their words, in the order of samples and positions.</summary>
    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch)
    {
        var (first, end) = (tile * TileWords, Math.Min(_words, (tile + 1) * TileWords));
        table.Gradient.AsSpan(first * _columns, (end - first) * _columns).Clear();
        var ids = Input.Values(0, samples);
        var dy = Output.Gradient(0, samples);
        for (var i = 0; i < ids.Length; i++)
        {
            var word = (int)ids[i];
            if (word < first || word >= end) continue;
            var sum = table.Gradient.AsSpan(word * _columns, _columns);
            TensorPrimitives.Add(sum, dy.Slice(i * _columns, _columns), sum);
        }
    }
}

using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>A product and the elementwise steps behind it, done tile by tile while the results are in the first cache.</summary>
/// <param name="product">The product, which writes what the last step makes.</param>
/// <param name="behind">The steps, in order, and what each reads beside the product, or −1.</param>
/// <param name="inputs">What the product and the steps read.</param>
internal sealed class FusedStep(PackedStep product, IReadOnlyList<(ITileStep Step, int Other)> behind, IReadOnlyList<int> inputs) : PackedStep(product.Name, inputs, product.Output)
{
    private readonly (ITileStep Step, int Other)[] _behind = [.. behind];

    public override string Description { get; } = string.Join(" + ", behind.Select(each => ((PackedStep)each.Step).Description).Prepend(product.Description));

    public override long Macs => product.Macs;

    public override long Weights => product.Weights;

    public override long Biases => product.Biases;

    public override long WeightBits => product.WeightBits;

    public override ProductKernel? Kernel => product.Kernel;

    internal override StepKind Kind => throw new NotSupportedException("steps are fused when a session begins, not in files");

    internal override long SharedBytes => product.SharedBytes;

    internal override long WorkerBytes => product.WorkerBytes;

    internal override int Tiles => product.Tiles;

    internal override void Prepare(SessionFrame frame) => product.Prepare(frame);

    internal override void RunTile(SessionFrame frame, int tile, int worker)
    {
        product.RunTile(frame, tile, worker);
        var (first, count) = product.ElementsOf(tile);
        var block = frame.Value(Output).Slice(first, count);
        foreach (var (step, other) in _behind) step.Apply(block, other < 0 ? default : frame.Value(other).Slice(first, count));
    }

    internal override void Write(PackedWriter writer) => throw new NotSupportedException("steps are fused when a session begins, not in files");
}

/// <summary>A step each of whose results depends on the elements at the same place, so that it can be done on part of a value.</summary>
internal interface ITileStep
{
    /// <summary>Channels whose parameters it has, innermost; 0 where all elements are treated alike.</summary>
    int Channels { get; }

    /// <summary>The value that it reads beside the one that it changes, or −1.</summary>
    /// <param name="changed">The value that it changes.</param>
    /// <returns>The other value.</returns>
    int Other(int changed);

    /// <summary>Changes a run of elements in place.</summary>
    /// <param name="block">The elements.</param>
    /// <param name="other">Those at the same place of what else it reads; empty where it reads nothing else.</param>
    void Apply(Span<float> block, ReadOnlySpan<float> other);
}

using System.Runtime.InteropServices;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Gathers what the layers of a recurrent node read and give at all steps, and shows it to an observer as one run of each.</summary>
/// <param name="observer">The observer.</param>
internal sealed class ObservedGates(IExecutionObserver observer)
{
    private readonly Dictionary<GateLayer, (List<float> X, List<float> Y)> _rows = [];

    /// <summary>Takes the rows of one product.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">What it read.</param>
    /// <param name="y">What it gave.</param>
    public void Add(GateLayer layer, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, layer, out var isKnown);
        if (!isKnown) rows = ([], []);
        rows.X.AddRange(x);
        rows.Y.AddRange(y);
    }

    /// <summary>Shows the layers, in the order in which they first ran.</summary>
    public void Show()
    {
        foreach (var (layer, (x, y)) in _rows)
            observer.Ran(layer, [Tensor.Of<float>(CollectionsMarshal.AsSpan(x))], [Tensor.Of<float>(CollectionsMarshal.AsSpan(y))]);
    }
}

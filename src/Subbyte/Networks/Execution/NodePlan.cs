using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>
/// A node made ready to run for fixed shapes: output types, packed weights, scratch sizes. Immutable once the plan is compiled, and
/// shared by the threads that run it; each brings its own tensors and scratch.
/// </summary>
/// <param name="outputs">Types of the outputs, with their layouts.</param>
public abstract class NodePlan(params TensorType[] outputs)
{
    /// <summary>Types of the outputs, with their layouts.</summary>
    public IReadOnlyList<TensorType> Outputs { get; } = outputs;

    /// <summary>Bytes of scratch memory that one run needs.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>Takes a following clamp (ReLU, ReLU6) into the node, so that no further pass over memory is needed.</summary>
    /// <param name="lowest">Lower end, −∞ for none.</param>
    /// <param name="highest">Upper end, +∞ for none.</param>
    /// <returns>False when the node cannot.</returns>
    public virtual bool TryFuseClip(float lowest, float highest) => false;

    /// <summary>The dot-product layers of the node: itself, or those inside it.</summary>
    public virtual IEnumerable<IDotProductPlan> DotProducts => this is IDotProductPlan product ? [product] : [];

    /// <summary>Runs the node.</summary>
    /// <param name="inputs">Inputs in memory order; null where an optional one is absent.</param>
    /// <param name="outputs">Outputs to fill.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes; content arbitrary.</param>
    public abstract void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch);

    /// <summary>Runs the node while somebody looks on, who sees the layers inside it, then the node.</summary>
    /// <param name="inputs">Inputs in memory order; null where an optional one is absent.</param>
    /// <param name="outputs">Outputs to fill.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes; content arbitrary.</param>
    /// <param name="observer">Who looks on.</param>
    public virtual void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch, IExecutionObserver observer)
    {
        Run(inputs, outputs, scratch);
        observer.Ran(this, inputs, outputs);
    }
}

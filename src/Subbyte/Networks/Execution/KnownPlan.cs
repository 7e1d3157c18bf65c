using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>A node whose result does not depend on what its inputs hold, such as Shape: it becomes a constant and never runs.</summary>
/// <param name="content">The result, row-major.</param>
public sealed class KnownPlan(Tensor content) : NodePlan(new TensorType(content.ElementType, content.Dimensions))
{
    /// <summary>The result, row-major.</summary>
    public Tensor Content { get; } = content;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => Content.Bytes.Span.CopyTo(outputs[0].Bytes.Span);
}

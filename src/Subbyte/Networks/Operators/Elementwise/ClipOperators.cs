using System.Numerics;
using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Operators;

/// <summary>Relu.</summary>
internal sealed class ReluOperator() : OperatorDefinition("Relu", LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        if (input.ElementType == ElementType.Float32) return new ClipPlan(input, 0, float.PositiveInfinity);
        var type = new TensorType(input.ElementType, input.Dimensions, input.Layout);
        return new UnaryPlan(NumberTypes.Visit(input.ElementType, default(Functions)) ?? throw context.Fail($"is not defined for {input.ElementType}"), type);
    }

    private readonly struct Functions : INumberVisitor<TensorFunction>
    {
        public TensorFunction Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => (x, d) => TensorPrimitives.Max(x.Elements<T>(), T.Zero, d.Elements<T>());
    }
}

/// <summary>
/// Clip with bounds as attributes, or from opset 11 on as inputs, which need not be constant. The upper bound wins where they cross. A bound that is
/// absent is the lowest or the highest finite number, so that infinities become finite.
/// </summary>
internal sealed class ClipOperator() : OperatorDefinition("Clip", LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var type = new TensorType(input.ElementType, input.Dimensions, input.Layout);
        var isConstant = true;
        for (var i = 1; i <= 2; i++)
        {
            if (context.Optional(i) is not { } bound) continue;
            if (bound.ElementType != input.ElementType || bound.Count != 1) throw context.Fail($"its bound is {bound}; a scalar of type {input.ElementType} is needed");
            isConstant &= bound.Constant is not null;
        }

        if (input.ElementType == ElementType.Float32 && isConstant)
            return new ClipPlan(type, context.FloatScalar(1, "min", float.MinValue), context.FloatScalar(2, "max", float.MaxValue));
        if (context.Opset < 11 && !input.ElementType.IsFloatingPoint()) throw context.Fail($"is not defined for {input.ElementType} before opset 11");
        return NumberTypes.Visit(input.ElementType, new Plans(type, context.Node.Float("min", float.NegativeInfinity), context.Node.Float("max", float.PositiveInfinity))) ?? throw context.Fail($"is not defined for {input.ElementType}");
    }

    private sealed class Plans(TensorType type, float lowest, float highest) : INumberVisitor<NodePlan>
    {
        public NodePlan Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BoundsPlan<T>(type, T.Max(T.MinValue, T.CreateSaturating(lowest)), T.Min(T.MaxValue, T.CreateSaturating(highest)));
    }

    private sealed class BoundsPlan<T>(TensorType type, T absentLowest, T absentHighest) : NodePlan(type)
        where T : unmanaged, INumber<T>
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var d = outputs[0].Elements<T>();
            TensorPrimitives.Max(inputs[0]!.Elements<T>(), Bound(inputs, 1, absentLowest), d);
            TensorPrimitives.Min(d, Bound(inputs, 2, absentHighest), d);
        }

        private static T Bound(ReadOnlySpan<Tensor?> inputs, int index, T absent) => inputs.Length > index && inputs[index] is { } bound ? bound.Elements<T>()[0] : absent;
    }
}

/// <summary>Clamps every float; taken into the node before it where that can.</summary>
/// <param name="type">Type of input and output.</param>
/// <param name="lowest">Lower end.</param>
/// <param name="highest">Upper end.</param>
internal sealed class ClipPlan(TensorType type, float lowest, float highest) : NodePlan(type), IClip, IPackedPlan, IElementwisePlan
{
    public float Lowest => lowest;

    public float Highest => highest;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        => Elementwise.Clip(inputs[0]!.AsSpan<float>(), lowest, highest, outputs[0].AsSpan<float>());

    public PackedStep Pack(PackedPlace place) => new ClipStep(place.Name, place.Inputs, place.Output, lowest, highest);
}

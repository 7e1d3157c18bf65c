using System.Numerics;
using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Runs a function over operands that broadcasting pairs.</summary>
/// <param name="loop">The loop of two operands.</param>
/// <param name="x">First operand.</param>
/// <param name="y">Second operand.</param>
/// <param name="d">Result.</param>
internal delegate void PairLoop(BroadcastLoop loop, Tensor x, Tensor y, Tensor d);

/// <summary>Functions of two operands with ONNX's broadcasting.</summary>
internal abstract class BinaryOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (x, y, result) = Broadcasting.Operands(context);
        if (x.ElementType != y.ElementType) throw context.Fail($"its operands are {x.ElementType} and {y.ElementType}; they must be of one type");
        return Plan(context, x, y, result);
    }

    /// <summary>The loops over a function.</summary>
    protected static PairLoop Loop<T, TResult, TFunction>()
        where T : unmanaged
        where TResult : unmanaged
        where TFunction : IBinaryFunction<T, TResult>
        => (loop, x, y, d) => loop.Run<T, TResult, TFunction>(x.Elements<T>(), y.Elements<T>(), d.Elements<TResult>());

    /// <summary>Plans the node.</summary>
    protected virtual NodePlan Plan(NodeContext context, TensorType x, TensorType y, TensorType result)
        => new BinaryPlan(Function(context, x.ElementType) ?? throw context.Fail($"is not defined for {x.ElementType}"), BroadcastLoop.Of(result, x, y), result);

    /// <summary>The function for a type of operands, or null.</summary>
    protected abstract PairLoop? Function(NodeContext context, ElementType type);
}

/// <summary>A function of two operands.</summary>
/// <param name="function">The function.</param>
/// <param name="loop">How broadcasting pairs elements.</param>
/// <param name="output">Type of the result.</param>
internal class BinaryPlan(PairLoop function, BroadcastLoop loop, TensorType output) : NodePlan(output), IElementwisePlan
{
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => function(loop, inputs[0]!, inputs[1]!, outputs[0]);
}

/// <summary>Add, Sub, Mul, Div, Mod and PRelu: integers wrap; division by an integer 0 gives 0.</summary>
internal sealed class ArithmeticOperator(string opType) : BinaryOperator(opType)
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        .. new[] { "Add", "Sub", "Mul", "Div", "Mod" }.Select(opType => new ArithmeticOperator(opType)),
    ];

    protected override NodePlan Plan(NodeContext context, TensorType x, TensorType y, TensorType result)
    {
        if (OpType == "Add" && x.ElementType == ElementType.Float32 && x.Dimensions.SequenceEqual(y.Dimensions)) return new AddPlan(result);
        if (Function(context, x.ElementType) is not { } function || ChannelConstant.Of(y, result) is not { } constants || !x.Dimensions.SequenceEqual(result.Dimensions)) return base.Plan(context, x, y, result);
        // What a fused multiply-add makes of −0 is what the product alone is.
        return OpType switch
        {
            "Mul" => new ChannelPlan(function, BroadcastLoop.Of(result, x, y), result, constants, Filled(constants, -0f)),
            "Add" => new ChannelPlan(function, BroadcastLoop.Of(result, x, y), result, Filled(constants, 1), constants),
            "Sub" => new ChannelPlan(function, BroadcastLoop.Of(result, x, y), result, Filled(constants, 1), [.. constants.Select(constant => -constant)]),
            _ => base.Plan(context, x, y, result),
        };
    }

    protected override PairLoop? Function(NodeContext context, ElementType type)
    {
        var keepsSign = context.Node.Integer("fmod", 0) != 0;
        if (OpType == "Mod" && !keepsSign && type.IsFloatingPoint()) throw context.Fail("needs fmod = 1 for floating-point operands");
        return NumberTypes.Visit(type, new Functions(OpType, keepsSign, type.IsFloatingPoint()));
    }

    private sealed class Functions(string opType, bool keepsSign, bool isFloatingPoint) : INumberVisitor<PairLoop>
    {
        public PairLoop Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
            => opType switch
            {
                "Add" => Loop<T, T, AddFunction<T>>(),
                "Sub" => Loop<T, T, SubtractFunction<T>>(),
                "Mul" => Loop<T, T, MultiplyFunction<T>>(),
                "Div" => isFloatingPoint ? Loop<T, T, DivideFunction<T>>() : Loop<T, T, Each<T, T, QuotientFunction<T>>>(),
                _ => keepsSign ? Loop<T, T, Each<T, T, RemainderFunction<T>>>() : Loop<T, T, Each<T, T, ModuloFunction<T>>>(),
            };
    }

    private static float[] Filled(float[] like, float value) => [.. Enumerable.Repeat(value, like.Length)];

    /// <summary>A constant of each channel, multiplied or added: to a packed network the affine function that rounds as often.</summary>
    private sealed class ChannelPlan(PairLoop function, BroadcastLoop loop, TensorType output, float[] scale, float[] shift) : BinaryPlan(function, loop, output), IPackedPlan
    {
        public PackedStep Pack(PackedPlace place) => new AffineStep(place.Name, place.Inputs, place.Output, scale, shift, float.NegativeInfinity, float.PositiveInfinity);
    }

    /// <summary>Adds floats of one shape: the end of a residual block, with the clamp that follows.</summary>
    private sealed class AddPlan(TensorType output) : NodePlan(output), IPackedPlan, IElementwisePlan
    {
        private float _lowest = float.NegativeInfinity;
        private float _highest = float.PositiveInfinity;

        public override bool TryFuseClip(float lowest, float highest)
        {
            if (!float.IsNegativeInfinity(_lowest) || !float.IsPositiveInfinity(_highest)) return false;
            (_lowest, _highest) = (lowest, highest);
            return true;
        }

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
            => Elementwise.Add(inputs[0]!.AsSpan<float>(), inputs[1]!.AsSpan<float>(), outputs[0].AsSpan<float>(), _lowest, _highest);

        public int? DataInputs => null;

        public PackedStep Pack(PackedPlace place) => new AddStep(place.Name, place.Inputs, place.Output, _lowest, _highest);
    }
}

/// <summary>PRelu: the slope is broadcast to the operand; before opset 7 a vector of slopes belongs to the channels.</summary>
internal sealed class PReluOperator() : BinaryOperator("PRelu")
{
    public override NodePlan Plan(NodeContext context)
    {
        var (x, slope) = (context.Required(0), context.Required(1));
        if (x.ElementType != slope.ElementType) throw context.Fail($"its operands are {x.ElementType} and {slope.ElementType}; they must be of one type");
        if (context.Opset < 7 && slope.Rank == 1 && slope.Count > 1 && x.Rank > 1)
            slope = new TensorType(slope.ElementType, [slope.Dimensions[0], .. Enumerable.Repeat(1, x.Rank - 2)]);
        var result = Broadcasting.Result(context, x, slope);
        if (!result.Dimensions.SequenceEqual(x.Dimensions)) throw context.Fail($"its slope {slope} does not fit {x}");
        var plan = Plan(context, x, slope, result);
        return slope.Count > 1 && ChannelConstant.Of(slope, result) is { } slopes ? new SlopePlan(plan, slopes, result) : plan;
    }

    /// <summary>A slope a channel.</summary>
    private sealed class SlopePlan(NodePlan plan, float[] slopes, TensorType output) : NodePlan(output), IPackedPlan
    {
        public override long ScratchBytes => plan.ScratchBytes;

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => plan.Run(inputs, outputs, scratch);

        public PackedStep Pack(PackedPlace place) => new SlopeStep(place.Name, place.Inputs, place.Output, slopes);
    }

    protected override PairLoop? Function(NodeContext context, ElementType type)
        => type == ElementType.Float32 ? Loop<float, float, SlopeFunction>() : NumberTypes.Visit(type, default(Functions));

    private readonly struct Functions : INumberVisitor<PairLoop>
    {
        public PairLoop Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Loop<T, T, Each<T, T, IntegerSlopeFunction<T>>>();
    }
}

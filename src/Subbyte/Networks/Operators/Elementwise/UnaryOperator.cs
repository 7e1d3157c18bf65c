using System.Numerics;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Operators;

/// <summary>Exactly rounded functions of one number of any type: Abs, Neg, Sign, Floor, Ceil, Round (ties to even), Sqrt, Reciprocal. Integers wrap.</summary>
internal sealed class UnaryOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
        [.. new[] { "Abs", "Neg", "Sign", "Floor", "Ceil", "Round", "Sqrt", "Reciprocal" }.Select(opType => new UnaryOperator(opType))];

    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var function = Function(input.ElementType) ?? NumberTypes.Visit(input.ElementType, new Functions(OpType));
        return new RoundedFunctionPlan(function ?? throw context.Fail($"is not defined for {input.ElementType}"), new TensorType(input.ElementType, input.Dimensions, input.Layout));
    }

    /// <summary>A function that trained networks round activations with.</summary>
    private sealed class RoundedFunctionPlan(TensorFunction function, TensorType output) : UnaryPlan(function, output), IElementwisePlan;

    private TensorFunction? Function(ElementType type) => type switch
    {
        ElementType.Float32 => RootFunction<float>(OpType),
        ElementType.Float64 => RootFunction<double>(OpType),
        _ => null,
    };

    private static TensorFunction? RootFunction<T>(string opType)
        where T : unmanaged, IFloatingPointIeee754<T>
        => opType switch
        {
            "Floor" => (x, d) => TensorPrimitives.Floor(x.Elements<T>(), d.Elements<T>()),
            "Ceil" => (x, d) => TensorPrimitives.Ceiling(x.Elements<T>(), d.Elements<T>()),
            "Round" => (x, d) => TensorPrimitives.Round(x.Elements<T>(), d.Elements<T>()),
            "Sqrt" => (x, d) => TensorPrimitives.Sqrt(x.Elements<T>(), d.Elements<T>()),
            "Reciprocal" => (x, d) => TensorPrimitives.Divide(T.One, x.Elements<T>(), d.Elements<T>()),
            "Abs" => (x, d) => TensorPrimitives.Abs(x.Elements<T>(), d.Elements<T>()),
            _ => null,
        };

    private sealed class Functions(string opType) : INumberVisitor<TensorFunction>
    {
        public TensorFunction? Visit<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
            => opType switch
            {
                "Abs" => (x, d) => Magnitudes(x.Elements<T>(), d.Elements<T>()),
                "Neg" => (x, d) => TensorPrimitives.Negate(x.Elements<T>(), d.Elements<T>()),
                "Sign" => (x, d) => Signs(x.Elements<T>(), d.Elements<T>()),
                _ => null,
            };

        private static void Magnitudes<T>(ReadOnlySpan<T> x, Span<T> d)
            where T : INumber<T>
        {
            for (var i = 0; i < x.Length; i++) d[i] = T.IsNegative(x[i]) ? unchecked(T.Zero - x[i]) : x[i];
        }

        private static void Signs<T>(ReadOnlySpan<T> x, Span<T> d)
            where T : INumber<T>
        {
            // What is neither above nor below 0 is a zero or NaN, which stay.
            for (var i = 0; i < x.Length; i++) d[i] = x[i] > T.Zero ? T.One : x[i] < T.Zero ? -T.One : x[i];
        }
    }
}

/// <summary>Not, and BitwiseNot of integers.</summary>
internal sealed class NotOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var isLogical = OpType == "Not";
        if (isLogical ? input.ElementType != ElementType.Boolean : input.ElementType == ElementType.Boolean || input.ElementType.IsFloatingPoint())
            throw context.Fail($"is not defined for {input.ElementType}");
        return new UnaryPlan(isLogical ? Negate : Complement, new TensorType(input.ElementType, input.Dimensions, input.Layout));
    }

    private static void Negate(Tensor x, Tensor d)
    {
        var from = x.Bytes.Span;
        var to = d.Bytes.Span;
        for (var i = 0; i < from.Length; i++) to[i] = from[i] == 0 ? (byte)1 : (byte)0;
    }

    private static void Complement(Tensor x, Tensor d) => TensorPrimitives.OnesComplement<byte>(x.Bytes.Span, d.Bytes.Span);
}

/// <summary>IsNaN and IsInf.</summary>
internal sealed class ClassOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var (negative, positive) = (context.Node.Integer("detect_negative", 1) != 0, context.Node.Integer("detect_positive", 1) != 0);
        var output = new TensorType(ElementType.Boolean, input.Dimensions, input.Layout);
        return input.ElementType switch
        {
            ElementType.Float32 => new UnaryPlan((x, d) => Classify<float>(x, d, negative, positive), output),
            ElementType.Float64 => new UnaryPlan((x, d) => Classify<double>(x, d, negative, positive), output),
            _ => throw context.Fail($"is not defined for {input.ElementType}"),
        };
    }

    private void Classify<T>(Tensor x, Tensor d, bool negative, bool positive)
        where T : unmanaged, INumber<T>
    {
        var from = x.Elements<T>();
        var to = d.Bytes.Span;
        var isNaN = OpType == "IsNaN";
        for (var i = 0; i < from.Length; i++)
        {
            var value = from[i];
            to[i] = (isNaN ? T.IsNaN(value) : (negative && T.IsNegativeInfinity(value)) || (positive && T.IsPositiveInfinity(value))) ? (byte)1 : (byte)0;
        }
    }
}

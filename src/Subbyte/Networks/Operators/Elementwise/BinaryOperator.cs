using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Elementwise arithmetic of two float operands with ONNX's broadcasting.</summary>
internal sealed class BinaryOperator : OperatorDefinition
{
    private readonly Func<float, float, float> _function;

    private BinaryOperator(string opType, Func<float, float, float> function)
        : base(opType, LayoutRule.Same, TypeRule.Float32)
        => _function = function;

    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        new BinaryOperator("Add", (x, y) => x + y),
        new BinaryOperator("Sub", (x, y) => x - y),
        new BinaryOperator("Mul", (x, y) => x * y),
        new BinaryOperator("Div", (x, y) => x / y),
    ];

    public override NodePlan Plan(NodeContext context)
    {
        var (x, y) = (context.RequiredFloat(0), context.RequiredFloat(1));
        var dimensions = Broadcasting.Shape(context, x.Dimensions, y.Dimensions);
        var layout = x.Rank >= y.Rank ? x.Layout : y.Layout;
        var output = new TensorType(ElementType.Float32, dimensions, layout);
        if (OpType == "Add" && x.Dimensions.SequenceEqual(y.Dimensions)) return new AddPlan(output);
        return new BroadcastPlan(_function, Broadcasting.Strides(x, output), Broadcasting.Strides(y, output), output);
    }

    private sealed class AddPlan(TensorType output) : NodePlan(output)
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
    }

    private sealed class BroadcastPlan(Func<float, float, float> function, int[] xStrides, int[] yStrides, TensorType output) : NodePlan(output)
    {
        private readonly int[] _dimensions = output.Physical;

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var target = outputs[0].AsSpan<float>();
            if (target.Length > 0) Run(inputs[0]!.AsSpan<float>(), 0, inputs[1]!.AsSpan<float>(), 0, target, 0, 0);
        }

        private int Run(ReadOnlySpan<float> x, int xStart, ReadOnlySpan<float> y, int yStart, Span<float> target, int position, int dimension)
        {
            if (dimension == _dimensions.Length)
            {
                target[position] = function(x[xStart], y[yStart]);
                return position + 1;
            }

            for (var i = 0; i < _dimensions[dimension]; i++)
                position = Run(x, xStart + (i * xStrides[dimension]), y, yStart + (i * yStrides[dimension]), target, position, dimension + 1);
            return position;
        }
    }
}

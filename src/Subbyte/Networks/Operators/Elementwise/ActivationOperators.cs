using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>A function of floats, a span at a time.</summary>
/// <param name="x">Operands.</param>
/// <param name="d">Results, as many.</param>
internal delegate void FloatFunction(ReadOnlySpan<float> x, Span<float> d);

/// <summary>Functions of one float: activations and the transcendental functions. All other floating-point types are computed in float32.</summary>
/// <param name="opType">Operator name.</param>
/// <param name="function">The function that a node means.</param>
internal sealed class ActivationOperator(string opType, Func<NodeContext, FloatFunction> function) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.Float32)
{
    private const float SeluAlpha = 1.67326324f, SeluGamma = 1.05070102f;

    /// <summary>The operators.</summary>
    public static IEnumerable<OperatorDefinition> All { get; } =
    [
        Of("Sigmoid", Transcendental.Sigmoid),
        Of("Tanh", Transcendental.Tanh),
        Of("Erf", Transcendental.Erf),
        Of("Exp", Transcendental.Exp),
        Of("Log", Transcendental.Log),
        Of("HardSwish", Activations.HardSwish),
        Of("Softplus", Activations.Softplus),
        Of("Softsign", Activations.Softsign),
        Of("Mish", Activations.Mish),
        Of("LeakyRelu", node => (Alpha(node, 0.01f), 0), (p, x, d) => Activations.LeakyRelu(x, p.A, d)),
        Of("Elu", node => (Alpha(node, 1), 0), (p, x, d) => Activations.ExponentialLinear(x, p.A, 1, 1, d)),
        Of("Celu", node => (Alpha(node, 1), 0), (p, x, d) => Activations.ExponentialLinear(x, p.A, 1, p.A, d)),
        Of("Selu", node => (Alpha(node, SeluAlpha), node.Float("gamma", SeluGamma)), (p, x, d) => Activations.ExponentialLinear(x, p.A, p.B, 1, d)),
        Of("HardSigmoid", node => (Alpha(node, 0.2f), node.Float("beta", 0.5f)), (p, x, d) => Activations.HardSigmoid(x, p.A, p.B, d)),
        Of("ThresholdedRelu", node => (Alpha(node, 1), 0), (p, x, d) => Activations.ThresholdedRelu(x, p.A, d)),
        Of("Shrink", node => (node.Float("lambd", 0.5f), node.Float("bias", 0)), (p, x, d) => Activations.Shrink(x, p.A, p.B, d)),
        Of("Swish", node => (Alpha(node, 1), 0), (p, x, d) => Activations.Swish(x, p.A, d)),
        new ActivationOperator("Gelu", Gelu),
        .. Scalar(),
    ];

    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var planned = function(context);
        return new UnaryPlan((x, d) => planned(x.AsSpan<float>(), d.AsSpan<float>()), new TensorType(ElementType.Float32, input.Dimensions, input.Layout));
    }

    private static float Alpha(Node node, float absent) => node.Float("alpha", absent);

    private static ActivationOperator Of(string opType, FloatFunction function) => new(opType, _ => function);

    private static ActivationOperator Of(string opType, Func<Node, (float A, float B)> parameters, Action<(float A, float B), ReadOnlySpan<float>, Span<float>> function)
        => new(opType, context =>
        {
            var values = parameters(context.Node);
            return (x, d) => function(values, x, d);
        });

    private static FloatFunction Gelu(NodeContext context) => context.Node.Text("approximate", "none") switch
    {
        "none" => Activations.Gelu,
        "tanh" => Activations.GeluTanh,
        var other => throw context.Fail($"approximate '{other}' is neither 'none' nor 'tanh'"),
    };

    /// <summary>Functions that have no vector form: each takes many times as long as the call.</summary>
    private static IEnumerable<ActivationOperator> Scalar()
    {
        (string OpType, Func<float, float> Function)[] functions =
        [
            ("Sin", Trigonometry.Sin), ("Cos", Trigonometry.Cos), ("Tan", Trigonometry.Tan),
            ("Asin", Trigonometry.Asin), ("Acos", Trigonometry.Acos), ("Atan", Trigonometry.Atan),
            ("Sinh", Trigonometry.Sinh), ("Cosh", Trigonometry.Cosh),
            ("Asinh", Trigonometry.Asinh), ("Acosh", Trigonometry.Acosh), ("Atanh", Trigonometry.Atanh),
        ];
        return functions.Select(entry => Of(entry.OpType, (x, d) =>
        {
            for (var i = 0; i < x.Length; i++) d[i] = entry.Function(x[i]);
        }));
    }
}

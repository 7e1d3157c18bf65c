using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>Which operators of ONNX can be trained, and how a node becomes one.</summary>
internal static partial class OperatorFactory
{
    /// <summary>
    /// Factories by operator name. A factory makes the node's output map, and an operator unless the output is the input under another shape.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<NodeBinding, Operator?>> All { get; } = new Dictionary<string, Func<NodeBinding, Operator?>>(StringComparer.Ordinal)
    {
        ["Conv"] = Convolution,
        ["Gemm"] = Gemm,
        ["BatchNormalization"] = BatchNormalization,
        ["MatMul"] = MatMul,
        ["Relu"] = binding => new ClipOperator(binding.Node.Name, binding.Map(0), binding.Activation(), 0, float.PositiveInfinity),
        ["Clip"] = Clip,
        ["Sigmoid"] = binding => Activation(binding, ActivationKind.Sigmoid),
        ["Tanh"] = binding => Activation(binding, ActivationKind.Tanh),
        ["LeakyRelu"] = binding => Activation(binding, ActivationKind.LeakyRelu, alpha: 0.01f),
        ["PRelu"] = Slope,
        ["HardSigmoid"] = binding => Activation(binding, ActivationKind.HardSigmoid, alpha: 0.2f, beta: 0.5f),
        ["HardSwish"] = binding => Activation(binding, ActivationKind.HardSwish),
        ["Dropout"] = Dropout,
        ["Add"] = Add,
        ["Mul"] = Multiply,
        ["Concat"] = Concatenate,
        ["MaxPool"] = binding => Pool(binding, PoolingKind.Max),
        ["AveragePool"] = binding => Pool(binding, binding.Node.Integer("count_include_pad", 0) != 0 ? PoolingKind.AverageWithPadding : PoolingKind.Average),
        ["GlobalAveragePool"] = GlobalAveragePool,
        ["ReduceMean"] = ReduceMean,
        ["Flatten"] = Flatten,
        ["DepthToSpace"] = Rearrange,
        ["Gather"] = Rearrange,
        ["Identity"] = Rearrange,
        ["Pad"] = Rearrange,
        ["Reshape"] = Rearrange,
        ["Slice"] = Rearrange,
        ["SpaceToDepth"] = Rearrange,
        ["Squeeze"] = Rearrange,
        ["Transpose"] = Rearrange,
        ["Unsqueeze"] = Rearrange,
    };

    private static Operator Convolution(NodeBinding binding)
    {
        var input = binding.Map(0);
        var weights = binding.Constant(1);
        var groups = (int)Math.Clamp(binding.Node.Integer("group", 1), 0, int.MaxValue);
        if (weights.Rank is not (3 or 4) || input.Shape.Length != weights.Rank - 1 || groups < 1 || weights.Dimensions[0] % groups != 0 || (long)weights.Dimensions[1] * groups != input.Channels)
            throw binding.Fail($"weights {weights} and group {groups} do not fit {input}");
        var geometry = binding.Window(weights.Dimensions[2..], weights.Dimensions[0], groups);
        var bias = binding.Has(2) ? binding.Vector(2, ParameterRole.Bias, geometry.OutChannels) : null;
        var trained = weights.Rank == 4 ? binding.Weights(geometry.IsDepthwise, 0, 2, 3, 1) : binding.Weights(geometry.IsDepthwise, 0, 2, 1);
        var quantized = binding.LayerInput();
        var output = binding.Output(Windowed(geometry, input), hasParameters: true);
        return geometry.IsDepthwise
            ? new DepthwiseConvolutionOperator(binding.Node.Name, quantized, output, geometry, trained, bias)
            : new ConvolutionOperator(binding.Node.Name, quantized, output, geometry, trained, bias);
    }

    private static LinearOperator Gemm(NodeBinding binding)
    {
        var node = binding.Node;
        var input = binding.Map(0);
        var weights = binding.Constant(1);
        if (node.Integer("transA", 0) != 0 || node.Float("alpha", 1) != 1 || (binding.Has(2) && node.Float("beta", 1) != 1))
            throw binding.Fail("transA, alpha and beta are not supported");
        var isTransposed = node.Integer("transB", 0) != 0;
        if (input.Shape.Length != 1 || weights.Rank != 2 || weights.Dimensions[isTransposed ? 1 : 0] != input.Length)
            throw binding.Fail($"weights {weights} do not fit {input}");
        var outputs = weights.Dimensions[isTransposed ? 0 : 1];
        var bias = binding.Has(2) ? binding.Vector(2, ParameterRole.Bias, outputs) : null;
        var trained = isTransposed ? binding.Weights(isTransposed: false) : binding.Weights(isTransposed: false, 1, 0);
        return new LinearOperator(node.Name, binding.LayerInput(), binding.Output([outputs], hasParameters: true), trained, bias);
    }

    private static LinearOperator MatMul(NodeBinding binding)
    {
        var input = binding.Map(0);
        var weights = binding.Constant(1);
        if (input.Shape.Length != 1 || weights.Rank != 2 || weights.Dimensions[0] != input.Length) throw binding.Fail($"weights {weights} do not fit {input}");
        var trained = binding.Weights(isTransposed: false, 1, 0);
        return new LinearOperator(binding.Node.Name, binding.LayerInput(), binding.Output([weights.Dimensions[1]], hasParameters: true), trained, null);
    }

    private static BatchNormalizationOperator BatchNormalization(NodeBinding binding)
    {
        var node = binding.Node;
        var input = binding.Map(0);
        var channels = input.Channels;
        var (gamma, beta) = (binding.Vector(1, ParameterRole.Scale, channels), binding.Vector(2, ParameterRole.Shift, channels));
        var (mean, variance) = (binding.Vector(3, ParameterRole.Shift, channels), binding.Vector(4, ParameterRole.Scale, channels));
        var output = binding.Output(input.Shape, hasParameters: true);
        return new BatchNormalizationOperator(node.Name, input, output, gamma, beta, mean, variance, node.Float("epsilon", 1e-5f), node.Float("momentum", 0.9f));
    }

    private static PoolingOperator Pool(NodeBinding binding, PoolingKind kind)
    {
        var input = binding.Map(0);
        var kernel = binding.Node.Integers("kernel_shape") ?? throw binding.Fail("it has no kernel_shape");
        if (input.Shape.Length is not (2 or 3)) throw binding.Fail($"{input} has no rows and columns");
        var geometry = binding.Window(kernel, input.Channels, input.Channels);
        return new PoolingOperator(binding.Node.Name, input, binding.Output(Windowed(geometry, input)), kind, geometry);
    }

    /// <summary>Shape of a sample behind a window over one or two dimensions.</summary>
    private static int[] Windowed(ConvolutionGeometry geometry, FeatureMap input)
        => input.Shape.Length == 2 ? [geometry.OutChannels, geometry.OutWidth] : [geometry.OutChannels, geometry.OutHeight, geometry.OutWidth];

    private static PoolingOperator GlobalAveragePool(NodeBinding binding)
    {
        var input = binding.Map(0);
        if (input.Shape.Length < 2) throw binding.Fail($"{input} has no positions");
        return GlobalAverage(binding, [input.Channels, .. Enumerable.Repeat(1, input.Shape.Length - 1)]);
    }

    /// <summary>A mean over all positions: another way to write a global average.</summary>
    private static PoolingOperator ReduceMean(NodeBinding binding)
    {
        var input = binding.Map(0);
        var axes = binding.Integers(1, "axes") ?? [];
        var rank = input.Shape.Length + 1;
        if (rank < 3 || !axes.Select(axis => axis < 0 ? axis + rank : axis).Order().SequenceEqual(Enumerable.Range(2, rank - 2)))
            throw binding.Fail($"only means over all positions can be trained, not over axes {string.Join(", ", axes)} of {input}");
        int[] ones = binding.Node.Integer("keepdims", 1) != 0 ? [.. Enumerable.Repeat(1, rank - 2)] : [];
        return GlobalAverage(binding, [input.Channels, .. ones]);
    }

    private static PoolingOperator GlobalAverage(NodeBinding binding, int[] shape)
    {
        var input = binding.Map(0);
        var geometry = new ConvolutionGeometry { InHeight = 1, InWidth = input.Positions, InChannels = input.Channels, OutChannels = input.Channels };
        return new PoolingOperator(binding.Node.Name, input, binding.Output(shape), PoolingKind.GlobalAverage, geometry);
    }
}

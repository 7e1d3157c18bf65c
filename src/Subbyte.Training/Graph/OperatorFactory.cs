using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>Which operators of ONNX can be trained, and how a node becomes one.</summary>
internal static class OperatorFactory
{
    /// <summary>
    /// Factories by operator name. A factory makes the node's output map, and an operator unless the output is the input under another shape.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<NodeBinding, Operator?>> All { get; } = new Dictionary<string, Func<NodeBinding, Operator?>>(StringComparer.Ordinal)
    {
        ["Conv"] = Convolution,
        ["Gemm"] = Gemm,
        ["BatchNormalization"] = BatchNormalization,
        ["Relu"] = Relu,
        ["Add"] = Add,
        ["MaxPool"] = binding => Pool(binding, PoolingKind.Max),
        ["AveragePool"] = binding => Pool(binding, binding.Node.Integer("count_include_pad", 0) != 0 ? PoolingKind.AverageWithPadding : PoolingKind.Average),
        ["GlobalAveragePool"] = GlobalAveragePool,
        ["Flatten"] = Flatten,
    };

    private static Operator Convolution(NodeBinding binding)
    {
        var input = binding.Map(0);
        var weights = binding.Constant(1);
        var groups = (int)Math.Clamp(binding.Node.Integer("group", 1), 0, int.MaxValue);
        if (weights.Rank != 4 || input.Shape.Length != 3 || groups < 1 || weights.Dimensions[0] % groups != 0 || (long)weights.Dimensions[1] * groups != input.Channels)
            throw binding.Fail($"weights {weights} and group {groups} do not fit {input}");
        var geometry = binding.Window(weights.Dimensions[2..], weights.Dimensions[0], groups);
        var bias = binding.Has(2) ? binding.Vector(2, ParameterRole.Bias, geometry.OutChannels) : null;
        var output = binding.Output([geometry.OutChannels, geometry.OutHeight, geometry.OutWidth], hasParameters: true);
        return geometry.IsDepthwise
            ? new DepthwiseConvolutionOperator(binding.Node.Name, input, output, geometry, binding.Parameter(1, ParameterRole.Weight, 2, 3, 0, 1), bias)
            : new ConvolutionOperator(binding.Node.Name, input, output, geometry, binding.Parameter(1, ParameterRole.Weight, 0, 2, 3, 1), bias);
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
        var parameter = isTransposed ? binding.Parameter(1, ParameterRole.Weight) : binding.Parameter(1, ParameterRole.Weight, 1, 0);
        return new LinearOperator(node.Name, input, binding.Output([outputs], hasParameters: true), parameter, bias);
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

    private static ReluOperator Relu(NodeBinding binding)
    {
        var input = binding.Map(0);
        return new ReluOperator(binding.Node.Name, input, binding.MayOverwriteInput() ? binding.InPlace(input.Shape) : binding.Output(input.Shape));
    }

    private static AddOperator Add(NodeBinding binding)
    {
        var (first, second) = (binding.Map(0), binding.Map(1));
        if (!first.Shape.SequenceEqual(second.Shape)) throw binding.Fail($"{first} and {second} have different shapes");
        return new AddOperator(binding.Node.Name, first, second, binding.Output(first.Shape));
    }

    private static PoolingOperator Pool(NodeBinding binding, PoolingKind kind)
    {
        var input = binding.Map(0);
        var kernel = binding.Node.Integers("kernel_shape") ?? throw binding.Fail("it has no kernel_shape");
        if (input.Shape.Length != 3) throw binding.Fail($"{input} has no rows and columns");
        var geometry = binding.Window(kernel, input.Channels, input.Channels);
        return new PoolingOperator(binding.Node.Name, input, binding.Output([input.Channels, geometry.OutHeight, geometry.OutWidth]), kind, geometry);
    }

    private static PoolingOperator GlobalAveragePool(NodeBinding binding)
    {
        var input = binding.Map(0);
        if (input.Shape.Length < 2) throw binding.Fail($"{input} has no positions");
        var geometry = new ConvolutionGeometry { InHeight = 1, InWidth = input.Positions, InChannels = input.Channels, OutChannels = input.Channels };
        int[] shape = [input.Channels, .. Enumerable.Repeat(1, input.Shape.Length - 1)];
        return new PoolingOperator(binding.Node.Name, input, binding.Output(shape), PoolingKind.GlobalAverage, geometry);
    }

    private static FlattenOperator? Flatten(NodeBinding binding)
    {
        var input = binding.Map(0);
        if (binding.Node.Integer("axis", 1) != 1) throw binding.Fail("only axis 1 is supported");
        if (input.Positions > 1 && input.Channels > 1) return new FlattenOperator(binding.Node.Name, input, binding.Output([input.Length]));
        binding.InPlace([input.Length]);
        return null;
    }
}

using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments;

/// <summary>A layer to be timed alone: a convolution over one image, or a matrix product of a batch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Batch">Samples of one run.</param>
/// <param name="Input">Shape of one sample.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Kernel">Width of the square kernel; 0 for a matrix product.</param>
/// <param name="Stride">Stride.</param>
public sealed record LayerShape(string Name, int Batch, IReadOnlyList<int> Input, int Outputs, int Kernel, int Stride)
{
    private const long Opset = 17;

    /// <summary>Sets of shapes by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<LayerShape>> Presets { get; } = new OrderedDictionary<string, IReadOnlyList<LayerShape>>
    {
        ["resnet18"] = [Convolution(56, 64), Convolution(28, 128), Convolution(14, 256), Convolution(7, 512)],
        ["resnet20"] = [Convolution(32, 3, 16), Convolution(32, 16), Convolution(32, 16, 32, 2), Convolution(16, 32), Convolution(16, 32, 64, 2), Convolution(8, 64)],
        ["matmul"] = [Product(256), Product(512), Product(1024)],
    };

    /// <summary>A network of this layer alone with seeded weights.</summary>
    /// <returns>The network.</returns>
    public Network ToNetwork()
    {
        var random = new SeededRandom(1);
        int[] dimensions = Kernel == 0 ? [Outputs, Input[0]] : [Outputs, Input[0], Kernel, Kernel];
        var weights = new float[ElementTypes.ElementCount(dimensions)];
        foreach (ref var weight in weights.AsSpan()) weight = (random.NextFloat() - 0.5f) / 8;
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        if (Kernel == 0) attributes["transB"] = 1L;
        else (attributes["pads"], attributes["strides"]) = (new long[] { Kernel / 2, Kernel / 2, Kernel / 2, Kernel / 2 }, new long[] { Stride, Stride });
        var size = Kernel == 0 ? [] : Input.Skip(1).Select(pixels => new Dimension(((pixels - 1) / Stride) + 1));
        return new Network
        {
            Name = Name,
            Inputs = [new NetworkValue("x", ElementType.Float32, [new Dimension(null, "n"), .. Input.Select(pixels => new Dimension(pixels))])],
            Outputs = [new NetworkValue("y", ElementType.Float32, [new Dimension(null, "n"), new Dimension(Outputs), .. size])],
            Nodes = [new Node { Name = "layer", OpType = Kernel == 0 ? "Gemm" : "Conv", Inputs = ["x", "w", "b"], Outputs = ["y"], Attributes = attributes }],
            Constants = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["w"] = Tensor.Of<float>(weights, dimensions), ["b"] = Tensor.Zeros(ElementType.Float32, Outputs) },
            Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = Opset },
        };
    }

    private static LayerShape Convolution(int size, int channels, int? outputs = null, int stride = 1)
        => new($"{size}x{size}x{channels} 3x3{(outputs is null ? "" : $" to {outputs}")}{(stride == 1 ? "" : $" /{stride}")}", 1, [channels, size, size], outputs ?? channels, 3, stride);

    private static LayerShape Product(int size) => new($"{size}x{size}x{size}", size, [size], size, 0, 1);
}

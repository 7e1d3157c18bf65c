using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>
/// Where a node that only moves elements takes each of them from. It is found by running the node, in the executor's own operators, on the
/// numbers of its input's elements.
/// </summary>
/// <param name="Shape">Shape of one sample of the result, in ONNX's order.</param>
/// <param name="Sources">For each element of the result in memory, the element of the input in memory; −1 for a zero.</param>
internal sealed record Rearrangement(int[] Shape, int[] Sources)
{
    // Numbers of elements are carried as floats, which hold them exactly up to here.
    private const int LargestInput = 1 << 24;

    /// <summary>Whether the result is the input's memory as it stands.</summary>
    public bool IsIdentity => Sources.Select((source, index) => source == index).All(same => same);

    /// <summary>Traces a node.</summary>
    /// <param name="binding">The node; its first input depends on the sample, the others are constants.</param>
    /// <returns>Where elements come from.</returns>
    /// <exception cref="UserErrorException">The node does more than move elements and put zeros beside them, or mixes samples.</exception>
    public static Rearrangement Of(NodeBinding binding)
    {
        var input = binding.Map(0);
        if (input.Length >= LargestInput) throw binding.Fail($"{input} is too large to be rearranged");
        var numbers = Run(binding, input, sign: 1);
        var negatives = Run(binding, input, sign: -1).AsSpan<float>();
        if (numbers.Rank == 0 || numbers.Dimensions[0] != 1) throw binding.Fail("it mixes the samples of a batch");
        int[] shape = [.. numbers.Dimensions[1..]];
        var result = new FeatureMap(binding.Node.Outputs[0], shape, needsGradient: false);
        var sources = new int[result.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            var number = numbers.AsSpan<float>()[i];
            // A constant that is put in keeps its sign, unless it is 0.
            if (number != -negatives[i]) throw binding.Fail("it puts numbers other than 0 beside the elements that it moves");
            sources[MemoryIndex(result, i)] = number == 0 ? -1 : MemoryIndex(input, (int)number - 1);
        }

        return new Rearrangement(shape, sources);
    }

    private static Tensor Run(NodeBinding binding, FeatureMap input, int sign)
    {
        var numbers = Tensor.Of<float>(Enumerable.Range(1, input.Length).Select(number => (float)(sign * number)).ToArray(), [1, .. input.Shape]);
        return binding.Evaluate(numbers)[binding.Node.Outputs[0]];
    }

    /// <summary>Where an element in ONNX's order (channels first) lies in a map's memory (channels last).</summary>
    private static int MemoryIndex(FeatureMap map, int index)
    {
        var (channel, position) = Math.DivRem(index, map.Positions);
        return (position * map.Channels) + channel;
    }
}

using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Runs one operator on tensors of any types; inputs are constants where their place is among <see cref="Constants"/>, else data of the run.</summary>
internal sealed class SingleNode(string opType, params (string Name, AttributeValue Value)[] attributes)
{
    public long Opset { get; init; } = 22;

    public string Domain { get; init; } = "";

    public int Outputs { get; init; } = 1;

    /// <summary>Places of inputs that are constant.</summary>
    public int[] Constants { get; init; } = [];

    /// <summary>Whether the first input, a float32 map, goes through a pooling of single pixels, which lays its channels last.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Runs it. An input of null is absent.</summary>
    public Tensor[] Run(params Tensor?[] inputs)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(Network(inputs), new ExecutionOptions { Shapes = inputs.Index().Where(IsData).ToDictionary(input => $"x{input.Index}", input => input.Item!.Dimensions.ToArray(), StringComparer.Ordinal) }));
        foreach (var (place, (_, tensor)) in inputs.Index().Where(IsData).Index()) tensor!.Bytes.CopyTo(frame.Inputs[place].Bytes);
        frame.Run();
        return frame.Results.ToArray();
    }

    /// <summary>The one line with which it is refused.</summary>
    public string Refusal(params Tensor?[] inputs) => Should.Throw<UserErrorException>(() => Run(inputs)).Message;

    /// <summary>The network around it.</summary>
    public Network Network(Tensor?[] inputs) => new()
    {
        Name = "single",
        Inputs = [.. inputs.Index().Where(IsData).Select(input => new NetworkValue($"x{input.Index}", input.Item!.ElementType, []))],
        Outputs = [.. Enumerable.Range(0, Outputs).Select(i => new NetworkValue($"y{i}", ElementType.Float32, []))],
        Nodes =
        [
            .. ChannelsLast ? new[] { Pooling(inputs[0]!.Rank - 2) } : [],
            new Node
            {
                Name = "only",
                OpType = opType,
                Domain = Domain,
                Inputs = [.. inputs.Select((tensor, i) => tensor is null ? "" : i == 0 && ChannelsLast ? "laid" : $"x{i}")],
                Outputs = [.. Enumerable.Range(0, Outputs).Select(i => $"y{i}")],
                Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal),
            },
        ],
        Constants = inputs.Index().Where(input => input.Item is not null && !IsData(input)).ToDictionary(input => $"x{input.Index}", input => input.Item!, StringComparer.Ordinal),
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = Opset },
    };

    private static Node Pooling(int axes) => new()
    {
        Name = "lay",
        OpType = "MaxPool",
        Inputs = ["x0"],
        Outputs = ["laid"],
        Attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["kernel_shape"] = Enumerable.Repeat(1L, axes).ToArray() },
    };

    private bool IsData((int Index, Tensor? Item) input) => input.Item is not null && !Constants.Contains(input.Index);
}

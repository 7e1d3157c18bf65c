using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Packing;

/// <summary>Turns a low-bit network into one that the packed runtime executes; the answers are the executor's, bit for bit.</summary>
public static class NetworkPacker
{
    /// <summary>Packs a network.</summary>
    /// <param name="network">The network; it takes one float32 input and its first output counts.</param>
    /// <param name="metadata">Texts that belong to it, such as its preprocessing, or null.</param>
    /// <returns>The packed network.</returns>
    /// <exception cref="UserErrorException">A node or a layer does not pack; the message says why, and the way out.</exception>
    public static PackedNetwork Pack(LowBitNetwork network, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var plan = ExecutionPlan.Compile(network);
        var input = plan.InputType;
        if (plan.Slots[plan.Outputs[0]].Constant is not null) throw new UserErrorException($"network '{network.Network.Name}': its output is constant; there is nothing to pack");
        var values = new List<PackedValue>();
        var places = new Dictionary<int, int>();
        int Value(int slot, string name, ReadOnlySpan<int> dimensions)
        {
            if (places.TryGetValue(slot, out var known)) return known;
            values.Add(new PackedValue(name, dimensions.ToArray()));
            return places[slot] = values.Count - 1;
        }

        Value(plan.Inputs[0], network.Network.Inputs[0].Name, input.Dimensions[1..]);
        var output = plan.Slots[plan.Outputs[0]].Type;
        Value(plan.Outputs[0], network.Network.Outputs[0].Name, output.Rank > 1 ? output.Dimensions[1..] : output.Dimensions);
        var absorbed = TakenIn(plan);
        var needed = Needed(plan, absorbed);
        var steps = new List<PackedStep>();
        foreach (var step in plan.Steps.Where(step => step.Outputs.Any(needed.Contains)))
        {
            int[] inputs = [.. Data(plan, step)];
            var packed = Check(network, plan, step, inputs);
            int Output() => Value(step.Outputs[0], step.Name, [checked((int)plan.Slots[step.Outputs[0]].Type.Count)]);
            if (absorbed.TryGetValue(step, out var layer)) steps.Add(layer.Layer.Step(new PackedPlace(step.Name, [places[layer.Root]], Output())));
            else steps.Add(packed.Pack(new PackedPlace(step.Name, [.. inputs.Select(slot => places[slot])], Output())));
        }

        return new PackedNetwork
        {
            Name = network.Network.Name,
            Metadata = metadata ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Values = values,
            Steps = LayoutFusion.Apply(steps, places[plan.Outputs[0]]),
            Input = places[plan.Inputs[0]],
            Output = places[plan.Outputs[0]],
        };
    }

    /// <summary>Layers that take the elementwise nodes before them in, with the value that they read then.</summary>
    private static Dictionary<PlanStep, (int Root, PackedLayer Layer)> TakenIn(ExecutionPlan plan)
    {
        var layers = new Dictionary<PlanStep, (int Root, PackedLayer Layer)>();
        foreach (var step in plan.Steps)
        {
            if (step.Plan is not LoweredProductPlan product || ChannelStaircase.Find(plan, step.Inputs[0]) is not { } staircase) continue;
            var layer = product.Packed(staircase);
            if (layer.TakesIn) layers[step] = (staircase.Root, layer);
        }

        return layers;
    }

    private static HashSet<int> Needed(ExecutionPlan plan, Dictionary<PlanStep, (int Root, PackedLayer Layer)> absorbed)
    {
        var needed = new HashSet<int> { plan.Outputs[0] };
        foreach (var step in plan.Steps.Reverse().Where(step => step.Outputs.Any(needed.Contains)))
        {
            if (absorbed.TryGetValue(step, out var layer)) needed.Add(layer.Root);
            else needed.UnionWith(Data(plan, step));
        }

        return needed;
    }

    private static IEnumerable<int> Data(ExecutionPlan plan, PlanStep step) => step.Inputs.Where(slot => slot >= 0 && plan.Slots[slot].Constant is null);

    private static IPackedPlan Check(LowBitNetwork network, ExecutionPlan plan, PlanStep step, int[] inputs)
    {
        var place = $"network '{network.Network.Name}', node '{step.Name}'";
        if (step.Plan is not IPackedPlan packed || step.Outputs.Length != 1)
            throw new UserErrorException($"{place}: the packed runtime has no step for {step.Plan.GetType().Name.Replace("Plan", "", StringComparison.Ordinal)}; deploy this network by 'subbyte quantize' as ONNX");
        if (inputs.Length != (packed.DataInputs ?? step.Inputs.Length))
            throw new UserErrorException($"{place}: it reads a constant beside its values, which a packed step does not; deploy this network by 'subbyte quantize' as ONNX");
        if (inputs.Append(step.Outputs[0]).Any(slot => plan.Slots[slot].Type.ElementType != ElementType.Float32))
            throw new UserErrorException($"{place}: it works on {plan.Slots[step.Outputs[0]].Type.ElementType}; packed values are float32");
        return packed;
    }
}

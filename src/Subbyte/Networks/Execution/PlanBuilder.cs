using Subbyte.Networks.Operators;
using Subbyte.Prediction;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>Compiles a network node by node: folds constants, chooses layouts, plans operators, takes activations into the node before them.</summary>
/// <param name="network">The network.</param>
/// <param name="options">Options.</param>
internal sealed class PlanBuilder(LowBitNetwork network, ExecutionOptions options)
{
    // What a node makes of constants may be larger than they are, but a small file must not ask for all memory.
    private const long LargestFoldedBytes = 64 << 20;

    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Slot, Layout Layout), int> _converted = [];
    private readonly Dictionary<int, PlanStep> _makers = [];
    private readonly Dictionary<string, int> _readers = network.Network.ReaderCounts();
    private readonly List<PlanStep> _steps = [];
    private readonly List<PlanSlot> _slots = [];

    private readonly List<NodeProblem> _problems = [];
    private long _foldable = LargestFoldedBytes + (16 * network.Network.Constants.Values.Sum(tensor => (long)Math.Max(tensor.Bytes.Length, tensor.Length)));

    public IReadOnlyList<PlanStep> Steps => _steps;

    public IReadOnlyList<PlanSlot> Slots => _slots;

    /// <summary>What is known of each value that nodes have made so far, by name.</summary>
    public IReadOnlyDictionary<string, TensorType> ValueTypes => _values.ToDictionary(value => value.Key, value => _slots[value.Value].Type, StringComparer.Ordinal);

    public IReadOnlyList<int> InputSlots { get; private set; } = [];

    public IReadOnlyList<int> OutputSlots { get; private set; } = [];

    public void Build()
    {
        var graph = network.Network;
        foreach (var (name, tensor) in graph.Constants) _values[name] = AddConstant(tensor);
        var inputs = new List<int>();
        foreach (var input in graph.Inputs)
        {
            if (options.Bindings.TryGetValue(input.Name, out var bound))
            {
                _values[input.Name] = AddConstant(bound);
                continue;
            }

            inputs.Add(_values[input.Name] = Add(InputType(input, isFirst: inputs.Count == 0)));
        }

        InputSlots = inputs;
        foreach (var node in graph.Nodes) Plan(node);
        OutputSlots = [.. graph.Outputs.Select(output => Convert(_values[output.Name], Layout.RowMajor))];
    }

    /// <summary>Plans what can be planned. Nodes that read what a failing node would have made are left out: nothing is known of them.</summary>
    /// <returns>What cannot be, node by node.</returns>
    public IReadOnlyList<NodeProblem> FindProblems()
    {
        var graph = network.Network;
        foreach (var (name, tensor) in graph.Constants) _values[name] = AddConstant(tensor);
        foreach (var input in graph.Inputs) Try(input.Name, "", 0, () => _values[input.Name] = Add(InputType(input, isFirst: ReferenceEquals(input, graph.Inputs[0]))));
        foreach (var node in graph.Nodes)
        {
            var opset = node.Opset ?? network.Network.Opsets.GetValueOrDefault(node.Domain, 1);
            if (!OperatorSet.Default.Contains(node)) _problems.Add(new NodeProblem(node.Name, node.QualifiedOpType, opset, "the operator is not supported: export the model with another opset, or replace the operator by others"));
            else if (node.Inputs.All(name => name.Length == 0 || _values.ContainsKey(name))) Try(node.Name, node.QualifiedOpType, opset, () => Plan(node));
        }

        return _problems;
    }

    private void Try(string name, string opType, long opset, Action plan)
    {
        try
        {
            plan();
        }
        catch (UserErrorException problem)
        {
            _problems.Add(new NodeProblem(name, opType, opset, problem.Message));
        }
        catch (OverflowException)
        {
            _problems.Add(new NodeProblem(name, opType, opset, "its values are too large to be held"));
        }
    }

    private TensorType InputType(NetworkValue input, bool isFirst)
    {
        if (options.Shapes.TryGetValue(input.Name, out var given)) return new TensorType(input.ElementType, given);
        if (isFirst && input.Shape.Count == 0) throw new UserErrorException($"input '{input.Name}' has no shape; networks whose input has a free first dimension can be run");
        var dimensions = new int[input.Shape.Count];
        for (var i = 0; i < dimensions.Length; i++)
        {
            var dimension = input.Shape[i];
            if (i == 0 && isFirst && dimension.Size is null or 1) dimensions[i] = options.Batch;
            else if (dimension.Size is { } size) dimensions[i] = size;
            else if (dimension.Symbol is { } symbol && options.Symbols.TryGetValue(symbol, out var bound)) dimensions[i] = bound;
            else if (dimension.Symbol == ExecutionOptions.StepSymbol) dimensions[i] = 1;
            else if (dimension.Symbol is { } batch && network.Network.Inputs[0].Shape is [var first, ..] && batch == first.Symbol) dimensions[i] = options.Batch;
            else throw new UserErrorException($"input '{input.Name}' has a dimension '{dimension}' whose size is not known");
        }

        if (isFirst && dimensions[0] != options.Batch)
            throw new UserErrorException($"input '{input.Name}' takes batches of exactly {dimensions[0]}; networks with a free first dimension can be run");
        return new TensorType(input.ElementType, dimensions);
    }

    private int Add(TensorType type)
    {
        _slots.Add(new PlanSlot(type));
        return _slots.Count - 1;
    }

    private int AddConstant(Tensor tensor)
    {
        _slots.Add(new PlanSlot(new TensorType(tensor.ElementType, tensor.Dimensions, Layout.RowMajor, tensor)) { Constant = tensor });
        return _slots.Count - 1;
    }

    private void Plan(Node node)
    {
        var definition = OperatorSet.Default.Find(node);
        var inputs = node.Inputs.Select(name => name.Length == 0 ? -1 : _values[name]).ToArray();
        ApplyLayout(definition.LayoutRule, inputs);
        var types = ApplyTypes(definition.TypeRule, inputs);
        var opset = node.Opset ?? network.Network.Opsets.GetValueOrDefault(node.Domain, 1);
        var known = inputs.Select(slot => slot < 0 ? null : _slots[slot].Type).ToArray();
        FiniteWeights.Require(node, known);
        NodePlan plan;
        try
        {
            plan = definition.Plan(new NodeContext(node, opset, known, network.Layers));
        }
        catch (OverflowException failure)
        {
            throw new UserErrorException($"{node}: its shapes are too large to be computed", failure);
        }

        CheckOutputs(node, plan);
        if (!(plan is IClip clip && options.FuseActivations && types is null && TryFuse(node, inputs[0], clip))) EmitNode(node, plan, types, inputs);
        if (network.Predictions.TryGetValue(node.Name, out var prediction)) Mask(node, prediction);
    }

    private void EmitNode(Node node, NodePlan plan, (ElementType Given, ElementType Computed)? types, int[] inputs)
    {
        var outputs = Emit(plan, node.Name, node.ToString(), inputs);
        // A new array: the step keeps the one that it writes.
        if (types is { } type) outputs = [.. outputs.Select(output => _slots[output].Type.ElementType == type.Computed ? ConvertElements(output, type.Given) : output)];
        Name(node, outputs);
    }

    /// <summary>Readers of the node's map see it through the mask, as does the network's output.</summary>
    private void Mask(Node node, OutputPrediction prediction)
    {
        var map = Convert(_values[node.Outputs[0]], Layout.ChannelsLast);
        var (type, shape) = (_slots[map].Type, prediction.Mask.Shape);
        if (type is not { ElementType: ElementType.Float32, Rank: 4, Constant: null } || !type.Dimensions[1..].SequenceEqual([shape.Channels, shape.Height, shape.Width]))
            throw new UserErrorException($"{node}: its map {type} cannot be masked by {prediction.Mask.Method}, which was made for {shape.Channels} channels of {shape.Height}×{shape.Width}");
        _values[node.Outputs[0]] = Emit(new PredictionPlan(prediction, type), $"mask of {node.Name}", $"{node}", [map])[0];
    }

    /// <summary>Adds a step, or runs it at once when everything that it reads is constant.</summary>
    private int[] Emit(NodePlan plan, string name, string place, int[] inputs)
    {
        if (plan is KnownPlan known) return [AddConstant(known.Content)];
        if (inputs.All(slot => slot < 0 || _slots[slot].Constant is not null)) return Fold(plan, place, inputs);
        if (plan.Outputs.All(type => type.Count == 0)) return [.. plan.Outputs.Select(type => AddConstant(Tensor.Zeros(type.ElementType, type.Dimensions)))];
        var outputs = plan.Outputs.Select(Add).ToArray();
        var step = new PlanStep(plan, name, inputs, outputs);
        _steps.Add(step);
        foreach (var output in outputs) _makers[output] = step;
        return outputs;
    }

    /// <summary>Converts operands to the types in which the operator computes.</summary>
    /// <returns>The type of the first that was converted, which the outputs take, and what it became; null where none had to be.</returns>
    private (ElementType Given, ElementType Computed)? ApplyTypes(TypeRule rule, int[] inputs)
    {
        (ElementType Given, ElementType Computed)? types = null;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] < 0) continue;
            var given = _slots[inputs[i]].Type.ElementType;
            var computed = Computed(rule, given);
            if (computed == given) continue;
            types ??= (given, computed);
            inputs[i] = ConvertElements(inputs[i], computed);
        }

        return types;
    }

    private static ElementType Computed(TypeRule rule, ElementType given) => (rule, given) switch
    {
        (TypeRule.Float32, ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64) => ElementType.Float32,
        (TypeRule.HalvesInFloat32, ElementType.Float16 or ElementType.BFloat16) => ElementType.Float32,
        (TypeRule.WholeBytes, ElementType.Int4 or ElementType.Int2) => ElementType.Int8,
        (TypeRule.WholeBytes, ElementType.UInt4 or ElementType.UInt2) => ElementType.UInt8,
        _ => given,
    };

    private int ConvertElements(int slot, ElementType type)
    {
        var from = _slots[slot].Type;
        return Emit(new ElementTypeConversion(new TensorType(type, from.Dimensions, from.Layout)), $"type of {slot}", $"conversion of {from} to {type}", [slot])[0];
    }

    private void CheckOutputs(Node node, NodePlan plan)
    {
        foreach (var output in node.Outputs.Skip(plan.Outputs.Count).Where(_readers.ContainsKey))
            throw new UserErrorException($"{node}: its output '{output}' is not supported");
    }

    private void Name(Node node, int[] outputs)
    {
        for (var i = 0; i < Math.Min(outputs.Length, node.Outputs.Count); i++)
        {
            if (node.Outputs[i].Length > 0) _values[node.Outputs[i]] = outputs[i];
        }
    }

    private bool TryFuse(Node node, int input, IClip clip)
    {
        if (node.Outputs.Count == 0 || _readers[node.Inputs[0]] != 1 || !_makers.TryGetValue(input, out var maker) || _values[node.Inputs[0]] != input) return false;
        if (!maker.Plan.TryFuseClip(clip.Lowest, clip.Highest)) return false;
        _values[node.Outputs[0]] = input;
        return true;
    }

    private int[] Fold(NodePlan plan, string place, int[] inputs)
    {
        var largest = Math.Max(LargestFoldedBytes, 4 * inputs.Sum(slot => slot < 0 ? 0 : Math.Max(_slots[slot].Bytes, _slots[slot].Type.Count)));
        var bytes = plan.ScratchBytes + plan.Outputs.Sum(type => type.ElementType.ByteLength(type.Count));
        if (bytes > largest || bytes > _foldable)
            throw new UserErrorException($"{place}: makes {string.Join(", ", plan.Outputs)} of constants, which is too large");
        _foldable -= bytes;
        var outputs = plan.Outputs.Select(type => Tensor.Zeros(type.ElementType, type.Physical)).ToArray();
        if (plan.Outputs.Any(type => type.Count > 0)) plan.Run(inputs.Select(slot => slot < 0 ? null : _slots[slot].Constant).ToArray(), outputs, new byte[plan.ScratchBytes]);
        return [.. outputs.Select((output, i) => AddConstant(RowMajor(output, plan.Outputs[i])))];
    }

    private static Tensor RowMajor(Tensor tensor, TensorType type)
    {
        if (type.Layout == Layout.RowMajor || type.Rank < 3) return tensor;
        var result = Tensor.Zeros(type.ElementType, type.Dimensions);
        new LayoutConversion(type, type.In(Layout.RowMajor)).Run([tensor], [result], []);
        return result;
    }

    private void ApplyLayout(LayoutRule rule, int[] inputs)
    {
        if (rule == LayoutRule.ChannelsLast)
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                if (inputs[i] >= 0) inputs[i] = Convert(inputs[i], i == 0 ? Layout.ChannelsLast : Layout.RowMajor);
            }

            return;
        }

        var rank = inputs.Select(slot => slot < 0 ? 0 : _slots[slot].Type.Rank).DefaultIfEmpty().Max();
        var layout = rule == LayoutRule.Same && inputs.Any(slot => slot >= 0 && _slots[slot].Type.Rank == rank && _slots[slot].Type.Layout == Layout.ChannelsLast)
            ? Layout.ChannelsLast
            : Layout.RowMajor;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] < 0) continue;
            // Operands of a smaller rank broadcast by the operator itself, which maps their axes.
            if (_slots[inputs[i]].Type.Rank == rank || layout == Layout.RowMajor) inputs[i] = Convert(inputs[i], layout);
        }
    }

    private int Convert(int slot, Layout layout)
    {
        var type = _slots[slot].Type;
        if (type.Layout == layout || type.Rank < 3) return slot;
        if (_converted.TryGetValue((slot, layout), out var known)) return known;
        var target = type.In(layout);
        int converted;
        var plan = new LayoutConversion(type, target);
        if (_slots[slot].Constant is { } constant)
        {
            var tensor = Tensor.Zeros(type.ElementType, target.Physical);
            plan.Run([constant], [tensor], []);
            _slots.Add(new PlanSlot(target) { Constant = tensor });
            converted = _slots.Count - 1;
        }
        else
        {
            converted = Add(target);
            _steps.Add(new PlanStep(plan, $"layout of {slot}", [slot], [converted]));
        }

        _converted[(slot, layout)] = converted;
        return converted;
    }
}

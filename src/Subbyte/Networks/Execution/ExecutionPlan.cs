using Subbyte.Lowering;
using Subbyte.Networks.Operators;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>Options of an execution plan.</summary>
public sealed record ExecutionOptions
{
    /// <summary>
    /// Name of a dimension that counts the steps of sequences. Networks that have it are planned for one step where no size is bound to it: who runs them
    /// carries the state from step to step.
    /// </summary>
    public const string StepSymbol = "steps";

    /// <summary>Samples that one run takes.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Whether ReLU and Clip are taken into the node before them. Off where layer outputs themselves are looked at.</summary>
    public bool FuseActivations { get; init; } = true;

    /// <summary>Sizes of symbolic input dimensions other than the first, by name.</summary>
    public IReadOnlyDictionary<string, int> Symbols { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Complete shapes of inputs by name; they take the place of <see cref="Batch"/> and <see cref="Symbols"/>.</summary>
    public IReadOnlyDictionary<string, int[]> Shapes { get; init; } = new Dictionary<string, int[]>(StringComparer.Ordinal);

    /// <summary>Inputs whose content is known, by name: they become constants. What decides shapes (the axes of a reduction, the shape of Reshape) has to be constant.</summary>
    public IReadOnlyDictionary<string, Tensor> Bindings { get; init; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);
}

/// <summary>
/// A network made ready to run for a fixed batch: nodes planned and constants folded, layouts chosen, every value given its place in one
/// arena. Immutable and shared; each thread runs it through an <see cref="ExecutionFrame"/> of its own.
/// </summary>
public sealed class ExecutionPlan
{
    private ExecutionPlan(IReadOnlyList<PlanStep> steps, IReadOnlyList<PlanSlot> slots, IReadOnlyList<int> inputs, IReadOnlyList<int> outputs, int batch)
    {
        Steps = steps;
        Slots = slots;
        Inputs = inputs;
        Outputs = outputs;
        Batch = batch;
        ArenaBytes = ArenaPlanner.Place(slots, steps, inputs, outputs);
        ScratchBytes = steps.Count == 0 ? 0 : steps.Max(step => step.Plan.ScratchBytes);
    }

    /// <summary>Samples of one run.</summary>
    public int Batch { get; }

    /// <summary>Bytes of the arena that one frame takes.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of scratch that one frame takes.</summary>
    public long ScratchBytes { get; }

    /// <summary>Type of the network's only input, which takes samples.</summary>
    /// <exception cref="UserErrorException">The network does not have exactly one float32 input.</exception>
    public TensorType InputType
    {
        get
        {
            if (Inputs.Count != 1) throw new UserErrorException($"the network has {Inputs.Count} inputs; data can be given to networks with one");
            var type = Slots[Inputs[0]].Type;
            return type is { ElementType: ElementType.Float32, Rank: > 0 } ? type : throw new UserErrorException($"the network's input is {type}; data can be given to a float32 input whose first dimension counts samples");
        }
    }

    /// <summary>Types of the network's inputs that are not bound.</summary>
    public IEnumerable<TensorType> InputTypes => Inputs.Select(input => Slots[input].Type);

    /// <summary>Types of the network's outputs.</summary>
    public IEnumerable<TensorType> OutputTypes => Outputs.Select(output => Slots[output].Type);

    /// <summary>The dot-product layers, in execution order.</summary>
    public IEnumerable<IDotProductPlan> DotProducts => Steps.SelectMany(step => step.Plan.DotProducts);

    internal IReadOnlyList<PlanStep> Steps { get; }

    internal IReadOnlyList<PlanSlot> Slots { get; }

    internal IReadOnlyList<int> Inputs { get; }

    internal IReadOnlyList<int> Outputs { get; }

    /// <summary>Finds every node that cannot be executed, before any work is done.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Options.</param>
    /// <returns>The problems; none when the network can be executed.</returns>
    public static IReadOnlyList<NodeProblem> FindProblems(Network network, ExecutionOptions? options = null)
        => new PlanBuilder(new LowBitNetwork(network, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal)), options ?? new ExecutionOptions()).FindProblems();

    /// <summary>Compiles a float network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Options.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="UserErrorException">Operators are missing (all are named), or a node cannot be executed.</exception>
    public static ExecutionPlan Compile(Network network, ExecutionOptions? options = null)
        => Compile(new LowBitNetwork(network, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal)), options);

    /// <summary>Compiles a network some of whose layers are lowered.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Options.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="UserErrorException">Operators are missing (all are named), or a node cannot be executed.</exception>
    public static ExecutionPlan Compile(LowBitNetwork network, ExecutionOptions? options = null)
    {
        OperatorSet.Default.RequireAll(network.Network);
        options ??= new ExecutionOptions();
        var builder = new PlanBuilder(network, options);
        try
        {
            builder.Build();
            return new ExecutionPlan(builder.Steps, builder.Slots, builder.InputSlots, builder.OutputSlots, options.Batch);
        }
        catch (OverflowException failure)
        {
            throw new UserErrorException($"network '{network.Network.Name}': its values are too large to be held at batch {options.Batch}", failure);
        }
    }
}

/// <summary>A node, or an input, that cannot be executed.</summary>
/// <param name="Node">Its name.</param>
/// <param name="OpType">Operator with its domain; empty for an input.</param>
/// <param name="Opset">Version of the operator's domain; 0 for an input.</param>
/// <param name="Reason">Why, and the way out.</param>
public sealed record NodeProblem(string Node, string OpType, long Opset, string Reason);

/// <summary>One node of a plan.</summary>
/// <param name="Plan">The planned node.</param>
/// <param name="Name">Node name.</param>
/// <param name="Inputs">Slots of the inputs; −1 where absent.</param>
/// <param name="Outputs">Slots of the outputs.</param>
internal sealed record PlanStep(NodePlan Plan, string Name, int[] Inputs, int[] Outputs);

/// <summary>One value of a plan: a constant, or a place in the arena.</summary>
/// <param name="type">Type of the value.</param>
internal sealed class PlanSlot(TensorType type)
{
    public TensorType Type { get; } = type;

    /// <summary>The content when the value is constant (in memory order).</summary>
    public Tensor? Constant { get; init; }

    /// <summary>Offset in the arena, set by the planner.</summary>
    public long Offset { get; set; } = -1;

    public long Bytes => Type.ElementType.ByteLength(Type.Count);
}

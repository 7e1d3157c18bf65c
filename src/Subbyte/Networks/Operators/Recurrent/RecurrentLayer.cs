using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>What LSTM, GRU and RNN share: sizes, directions and checked inputs.</summary>
internal sealed class RecurrentLayer
{
    /// <summary>Reads attributes and checks the inputs that the three operators have in common.</summary>
    /// <param name="context">The node.</param>
    /// <param name="gates">Gates of a cell.</param>
    /// <param name="defaultActivations">Activations of one direction.</param>
    public RecurrentLayer(NodeContext context, int gates, params string[] defaultActivations)
    {
        Context = context;
        Gates = gates;
        var input = context.RequiredFloat(0);
        var layout = context.Node.Integer("layout", 0);
        if (input.Rank != 3 || layout is not (0 or 1)) throw context.Fail($"takes sequences of three dimensions in layout 0 or 1, not {input} in layout {layout}");
        IsBatchFirst = layout == 1;
        (Steps, Batch) = IsBatchFirst ? (input.Dimensions[1], input.Dimensions[0]) : (input.Dimensions[0], input.Dimensions[1]);
        Inputs = input.Dimensions[2];
        IsReverse = context.Node.Text("direction", "forward") switch
        {
            "forward" => [false],
            "reverse" => [true],
            "bidirectional" => [false, true],
            var other => throw context.Fail($"direction '{other}' is not known; forward, reverse and bidirectional are"),
        };
        var states = context.RequiredFloat(2);
        if (states.Rank != 3) throw context.Fail($"its recurrence weights are {states}, not three-dimensional");
        Hidden = states.Dimensions[2];
        if (Hidden == 0 || context.Node.Integer("hidden_size", Hidden) != Hidden) throw context.Fail($"hidden_size {context.Node.Integer("hidden_size", Hidden)} does not fit recurrence weights {states}");
        Clip = context.Node.Float("clip", float.PositiveInfinity);
        if (!(Clip > 0)) throw context.Fail($"clips at {Clip}; a positive number is needed");
        Check(1, [Directions, checked(gates * Hidden), Inputs]);
        Check(2, [Directions, checked(gates * Hidden), Hidden]);
        Check(3, [Directions, checked(2 * gates * Hidden)]);
        Check(5, StateShape);
        if (context.Optional(4) is { } lengths && (lengths.ElementType != ElementType.Int32 || !lengths.Dimensions.SequenceEqual([Batch])))
            throw context.Fail($"its sequence lengths are {lengths}; Int32[{Batch}] is needed");
        Activations = GateActivation.Read(context, defaultActivations, Directions);
    }

    /// <summary>The node.</summary>
    public NodeContext Context { get; }

    /// <summary>Gates of a cell.</summary>
    public int Gates { get; }

    /// <summary>Steps of the longest sequence.</summary>
    public int Steps { get; }

    /// <summary>Sequences.</summary>
    public int Batch { get; }

    /// <summary>Elements of one step's input.</summary>
    public int Inputs { get; }

    /// <summary>Elements of the state.</summary>
    public int Hidden { get; }

    /// <summary>Whether the batch comes before the steps (layout 1).</summary>
    public bool IsBatchFirst { get; }

    /// <summary>For each direction, whether it goes from the end to the beginning.</summary>
    public bool[] IsReverse { get; }

    /// <summary>Number of directions.</summary>
    public int Directions => IsReverse.Length;

    /// <summary>Arguments of activations lie within ± this.</summary>
    public float Clip { get; }

    /// <summary>Activations [direction][gate].</summary>
    public GateActivation[][] Activations { get; }

    /// <summary>Type of the output of all steps.</summary>
    public TensorType Output => new(ElementType.Float32, IsBatchFirst ? [Batch, Steps, Directions, Hidden] : [Steps, Directions, Batch, Hidden]);

    /// <summary>Type of a state after the last step.</summary>
    public TensorType State => new(ElementType.Float32, StateShape);

    private int[] StateShape => IsBatchFirst ? [Batch, Directions, Hidden] : [Directions, Batch, Hidden];

    /// <summary>Refuses a float input of another shape; one that is absent passes.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="shape">The shape.</param>
    public void Check(int index, int[] shape)
    {
        if (Context.Optional(index) is null && index > 2) return;
        var input = Context.RequiredFloat(index);
        if (!input.Dimensions.SequenceEqual(shape)) throw Context.Fail($"input {index} is {input} where [{string.Join(",", shape)}] is needed");
    }

    /// <summary>The row of a step's input among the rows of all steps.</summary>
    /// <param name="step">The step.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The row.</returns>
    public int InputRow(int step, int sequence) => IsBatchFirst ? (sequence * Steps) + step : (step * Batch) + sequence;

    /// <summary>The row of a step's output among the rows of all steps and directions.</summary>
    /// <param name="step">The step.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The row.</returns>
    public int OutputRow(int step, int direction, int sequence)
        => IsBatchFirst ? (((sequence * Steps) + step) * Directions) + direction : (((step * Directions) + direction) * Batch) + sequence;

    /// <summary>The row of a state among those of all directions and sequences.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The row.</returns>
    public int StateRow(int direction, int sequence) => IsBatchFirst ? (sequence * Directions) + direction : (direction * Batch) + sequence;
}

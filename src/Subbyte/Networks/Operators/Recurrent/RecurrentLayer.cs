using Subbyte.Kernels;
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
        Shape = Read(context);
        Width = checked(gates * Shape.Hidden);
        Check(1, [Shape.Directions, Width, Shape.Inputs]);
        Check(2, [Shape.Directions, Width, Shape.Hidden]);
        Check(3, [Shape.Directions, checked(2 * Width)]);
        Check(5, StateShape);
        if (context.Optional(4) is { } lengths && (lengths.ElementType != ElementType.Int32 || !lengths.Dimensions.SequenceEqual([Shape.Batch])))
            throw context.Fail($"its sequence lengths are {lengths}; Int32[{Shape.Batch}] is needed");
        Activations = GateActivations.Read(context, defaultActivations, Shape.Directions);
    }

    /// <summary>The node.</summary>
    public NodeContext Context { get; }

    /// <summary>Sizes and directions.</summary>
    public RecurrentShape Shape { get; }

    /// <summary>Elements of all gates of a cell.</summary>
    public int Width { get; }

    /// <summary>Activations [direction][function].</summary>
    public GateActivation[][] Activations { get; }

    /// <summary>Type of the output of all steps.</summary>
    public TensorType Output => new(ElementType.Float32, Shape.IsBatchFirst ? [Shape.Batch, Shape.Steps, Shape.Directions, Shape.Hidden] : [Shape.Steps, Shape.Directions, Shape.Batch, Shape.Hidden]);

    /// <summary>Type of a state after the last step.</summary>
    public TensorType State => new(ElementType.Float32, StateShape);

    private int[] StateShape => Shape.IsBatchFirst ? [Shape.Batch, Shape.Directions, Shape.Hidden] : [Shape.Directions, Shape.Batch, Shape.Hidden];

    /// <summary>Refuses a float input of another shape; one that is absent passes.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="shape">The shape.</param>
    public void Check(int index, int[] shape)
    {
        if (Context.Optional(index) is null && index > 2) return;
        var input = Context.RequiredFloat(index);
        if (!input.Dimensions.SequenceEqual(shape)) throw Context.Fail($"input {index} is {input} where [{string.Join(",", shape)}] is needed");
    }

    private static RecurrentShape Read(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var layout = context.Node.Integer("layout", 0);
        if (input.Rank != 3 || layout is not (0 or 1)) throw context.Fail($"takes sequences of three dimensions in layout 0 or 1, not {input} in layout {layout}");
        bool[] isReverse = context.Node.Text("direction", "forward") switch
        {
            "forward" => [false],
            "reverse" => [true],
            "bidirectional" => [false, true],
            var other => throw context.Fail($"direction '{other}' is not known; forward, reverse and bidirectional are"),
        };
        var states = context.RequiredFloat(2);
        if (states.Rank != 3) throw context.Fail($"its recurrence weights are {states}, not three-dimensional");
        var hidden = states.Dimensions[2];
        if (hidden == 0 || context.Node.Integer("hidden_size", hidden) != hidden) throw context.Fail($"hidden_size {context.Node.Integer("hidden_size", hidden)} does not fit recurrence weights {states}");
        var clip = context.Node.Float("clip", float.PositiveInfinity);
        if (!(clip > 0)) throw context.Fail($"clips at {clip}; a positive number is needed");
        return new RecurrentShape
        {
            Steps = input.Dimensions[layout == 1 ? 1 : 0],
            Batch = input.Dimensions[layout == 1 ? 0 : 1],
            Inputs = input.Dimensions[2],
            Hidden = hidden,
            IsBatchFirst = layout == 1,
            IsReverse = isReverse,
            Clip = clip,
        };
    }
}

using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Execution;

/// <summary>Sees each node's inputs and outputs as it runs.</summary>
public interface IExecutionObserver
{
    /// <summary>A node has run.</summary>
    /// <param name="plan">The node.</param>
    /// <param name="inputs">Its inputs, in memory order.</param>
    /// <param name="outputs">Its outputs, in memory order.</param>
    void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs);
}

/// <summary>One thread's memory for running a plan; a run allocates nothing.</summary>
public sealed class ExecutionFrame
{
    private const long LargestArena = 0x7FFE_0000;

    private readonly ExecutionPlan _plan;
    private readonly Tensor?[][] _inputs;
    private readonly Tensor[][] _outputs;
    private readonly Memory<byte> _scratch;
    private readonly Tensor[] _results;

    /// <summary>Takes memory for a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="UserErrorException">The plan needs more memory than one array holds.</exception>
    public ExecutionFrame(ExecutionPlan plan)
    {
        if (plan.ArenaBytes > LargestArena || plan.ScratchBytes > LargestArena)
            throw new UserErrorException($"the network needs {plan.ArenaBytes >> 20} MiB for its activations at batch {plan.Batch}; run it with a smaller batch");
        _plan = plan;
        var arena = AlignedMemory.Take(plan.ArenaBytes);
        _scratch = AlignedMemory.Take(plan.ScratchBytes);
        var tensors = plan.Slots.Select(slot => slot.Constant ?? (slot.Offset < 0 ? null : new Tensor(slot.Type.ElementType, slot.Type.Physical, arena.Slice((int)slot.Offset, (int)slot.Bytes)))).ToArray();
        _inputs = [.. plan.Steps.Select(step => step.Inputs.Select(input => input < 0 ? null : tensors[input]).ToArray())];
        _outputs = [.. plan.Steps.Select(step => step.Outputs.Select(output => tensors[output]!).ToArray())];
        _results = [.. plan.Outputs.Select(output => tensors[output]!)];
        Inputs = [.. plan.Inputs.Select(input => tensors[input]!)];
    }

    /// <summary>The network's first input, to be filled before a run; its memory is used again during the run.</summary>
    public Tensor Input => Inputs[0];

    /// <summary>The network's inputs that are not bound, in order; likewise.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>The network's outputs, valid until the next run.</summary>
    public ReadOnlySpan<Tensor> Results => _results;

    /// <summary>Fills the inputs with a sample: the only input, or all inputs one after the other, whole numbers given as floats.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="index">Which of them.</param>
    public void Read(ISampleSource samples, int index)
    {
        if (Inputs is [{ ElementType: ElementType.Float32 } only])
        {
            samples.Read(index, only.AsSpan<float>());
            return;
        }

        var values = new float[Inputs.Sum(input => input.Length)];
        samples.Read(index, values);
        var rest = values.AsSpan();
        foreach (var input in Inputs)
        {
            Fill(input, rest[..input.Length]);
            rest = rest[input.Length..];
        }
    }

    /// <summary>Runs the plan on the content of <see cref="Input"/>.</summary>
    /// <param name="observer">Sees each node, or null.</param>
    public void Run(IExecutionObserver? observer = null)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            var plan = _plan.Steps[i].Plan;
            if (observer is null) plan.Run(_inputs[i], _outputs[i], _scratch.Span);
            else plan.Run(_inputs[i], _outputs[i], _scratch.Span, observer);
        }
    }

    private static void Fill(Tensor input, ReadOnlySpan<float> values)
    {
        switch (input.ElementType)
        {
            case ElementType.Float32: values.CopyTo(input.AsSpan<float>()); break;
            case ElementType.Int64: TensorPrimitives.ConvertTruncating(values, input.AsSpan<long>()); break;
            case ElementType.Int32: TensorPrimitives.ConvertTruncating(values, input.AsSpan<int>()); break;
            default: throw new UserErrorException($"an input of the network is {input}; data can be given to inputs of float32 and, for word ids, int32 and int64");
        }
    }
}

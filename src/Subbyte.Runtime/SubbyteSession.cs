using System.Diagnostics;

namespace Subbyte.Runtime;

/// <summary>How a session runs.</summary>
public sealed record SessionOptions
{
    /// <summary>Threads that share the work of one run; 0 for as many as the machine has.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Callers that may run at the same time; others wait. 0 for as many as the machine has processors.</summary>
    public int ConcurrentRuns { get; init; }

    /// <summary>Whether products hand floats over, not codes; for comparisons.</summary>
    internal bool KeepsFloats { get; init; }
}

/// <summary>
/// Runs a packed network. Safe to be used by any number of callers at once: each run takes memory from a pool that is filled once, so that a steady state
/// takes none.
/// </summary>
public sealed class SubbyteSession : IDisposable
{
    private readonly SessionPlan _plan;
    private readonly SemaphoreSlim _admission;
    private readonly Stack<SessionFrame> _frames = new();
    private readonly TilePool? _pool;
    private readonly Lock _poolLock = new();
    private readonly PackedStep[] _steps;
    private readonly int _threads;
    private bool _disposed;

    /// <summary>A session.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How it runs, or null for one thread a run.</param>
    /// <exception cref="PackedFormatException">The network takes too much memory.</exception>
    public SubbyteSession(PackedNetwork network, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new SessionOptions();
        Network = network;
        StateLength = network.States.Sum(state => network.Values[state.Before].Length);
        _steps = StepFusion.Apply(network);
        IReadOnlyList<int> maps = [];
        if (!options.KeepsFloats) (_steps, maps) = CodeFusion.Apply(network, _steps);
        _plan = new SessionPlan(network, _steps, maps);
        _threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var runs = options.ConcurrentRuns > 0 ? options.ConcurrentRuns : Environment.ProcessorCount;
        _admission = new SemaphoreSlim(runs, runs);
        _frames.EnsureCapacity(runs);
        if (_threads > 1) _pool = new TilePool(_threads - 1);
    }

    /// <summary>The network.</summary>
    public PackedNetwork Network { get; }

    /// <summary>The steps of a run: those of the network, elementwise ones taken into the products before them, codes handed over where nothing else reads a value.</summary>
    public IReadOnlyList<PackedStep> Steps => _steps;

    /// <summary>Elements of the input: one sample, as the original network takes it (channels first).</summary>
    public int InputLength => Network.Values[Network.Input].Length;

    /// <summary>Elements of the output.</summary>
    public int OutputLength => Network.Values[Network.Output].Length;

    /// <summary>Elements of what the network carries from run to run; 0 where samples stand alone.</summary>
    public int StateLength { get; }

    /// <summary>Bytes of memory that one run takes.</summary>
    public long RunBytes => _plan.ArenaBytes + _plan.SharedBytes + (_threads * _plan.WorkerBytes);

    /// <summary>
    /// Opens a file. It is mapped, checked and decoded where it lies, and closed again: what stays in memory are the weights in the kernels' layout. It must not be
    /// shortened while it is being loaded. <see cref="Network"/> then tells of the network, but cannot be written as a file; <see cref="PackedNetwork.Load"/> makes one that can.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="options">How it runs, or null for one thread a run.</param>
    /// <returns>The session.</returns>
    /// <exception cref="PackedFormatException">The file is not what its format says.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SubbyteSession Load(string path, SessionOptions? options = null) => PackedNetwork.Open(path, network => new SubbyteSession(network, options));

    /// <summary>The beginning of a sequence, for networks that carry a state from run to run.</summary>
    /// <returns>Zeros.</returns>
    public SubbyteState CreateState() => new(StateLength);

    /// <summary>Runs the network on one sample; one that carries a state begins with zeros.</summary>
    /// <param name="input">The sample, <see cref="InputLength"/> values; numbers of words are whole.</param>
    /// <param name="output">Takes <see cref="OutputLength"/> values; of a run that fails, anything.</param>
    /// <param name="cancellation">Cancels the run between two steps.</param>
    /// <exception cref="ArgumentException">A span has another length, or a value is the number of no word.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output, CancellationToken cancellation = default) => RunOnce(input, output, default, cancellation);

    /// <summary>Runs the network on the next sample of a sequence.</summary>
    /// <param name="input">The sample, <see cref="InputLength"/> values; numbers of words are whole.</param>
    /// <param name="output">Takes <see cref="OutputLength"/> values; of a run that fails, anything.</param>
    /// <param name="state">What the run begins with, replaced by what the next one begins with; of a run that fails, it stays.</param>
    /// <param name="cancellation">Cancels the run between two steps.</param>
    /// <exception cref="ArgumentException">A span has another length, the state is another network's, or a value is the number of no word.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output, SubbyteState state, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Values.Length != StateLength) throw new ArgumentException($"'{Network.Name}' carries {StateLength} values, not {state.Values.Length}", nameof(state));
        RunOnce(input, output, state.Values, cancellation);
    }

    private void RunOnce(ReadOnlySpan<float> input, Span<float> output, Span<float> state, CancellationToken cancellation)
    {
        Check(input.Length, output.Length);
        _admission.Wait(cancellation);
        SessionFrame? frame = null;
        try
        {
            frame = TakeFrame();
            Execute(frame, input, output, state, cancellation);
        }
        finally
        {
            Return(frame);
        }
    }

    /// <summary>Runs the network on one sample without holding the caller's thread.</summary>
    /// <param name="input">The sample, <see cref="InputLength"/> values.</param>
    /// <param name="output">Takes <see cref="OutputLength"/> values.</param>
    /// <param name="cancellation">Cancels the run between two steps.</param>
    /// <returns>The run.</returns>
    public async Task RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellation = default)
    {
        Check(input.Length, output.Length);
        await Task.Run(() => Run(input.Span, output.Span, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs the network on the next sample of a sequence without holding the caller's thread.</summary>
    /// <param name="input">The sample, <see cref="InputLength"/> values.</param>
    /// <param name="output">Takes <see cref="OutputLength"/> values.</param>
    /// <param name="state">What the run begins with, replaced by what the next one begins with.</param>
    /// <param name="cancellation">Cancels the run between two steps.</param>
    /// <returns>The run.</returns>
    public async Task RunAsync(ReadOnlyMemory<float> input, Memory<float> output, SubbyteState state, CancellationToken cancellation = default)
    {
        Check(input.Length, output.Length);
        await Task.Run(() => Run(input.Span, output.Span, state, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Runs the network once and times each step.</summary>
    /// <param name="input">The sample.</param>
    /// <param name="output">Takes the result.</param>
    /// <param name="milliseconds">Takes the time of each of <see cref="Steps"/>.</param>
    public void Run(ReadOnlySpan<float> input, Span<float> output, Span<double> milliseconds)
    {
        Check(input.Length, output.Length);
        _admission.Wait();
        SessionFrame? frame = null;
        try
        {
            frame = TakeFrame();
            input.CopyTo(frame.Value(Network.Input));
            LoadStates(frame, default);
            for (var i = 0; i < _steps.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                Execute(frame, _steps[i], CancellationToken.None);
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            frame.Value(Network.Output).CopyTo(output);
        }
        finally
        {
            Return(frame);
        }
    }

    /// <summary>Closes the session; runs that are under way end first.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        lock (_poolLock) _pool?.Dispose();
        _admission.Dispose();
    }

    private void Check(int input, int output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (input != InputLength) throw new ArgumentException($"'{Network.Name}' takes {InputLength} values, not {input}", nameof(input));
        if (output != OutputLength) throw new ArgumentException($"'{Network.Name}' gives {OutputLength} values, not {output}", nameof(output));
    }

    private SessionFrame TakeFrame()
    {
        lock (_frames)
        {
            if (_frames.TryPop(out var free)) return free;
        }

        return new SessionFrame(_plan, _threads);
    }

    private void Return(SessionFrame? frame)
    {
        if (frame is not null)
        {
            lock (_frames) _frames.Push(frame);
        }

        _admission.Release();
    }

    /// <summary>Runs all steps in the caller's memory: copies of large maps would cost as much as a binary layer.</summary>
    private unsafe void Execute(SessionFrame frame, ReadOnlySpan<float> input, Span<float> output, Span<float> state, CancellationToken cancellation)
    {
        if (input.Overlaps(output) || Network.Input == Network.Output)
        {
            input.CopyTo(frame.Value(Network.Input));
            LoadStates(frame, state);
            Execute(frame, null, cancellation);
            StoreStates(frame, state);
            frame.Value(Network.Output).CopyTo(output);
            return;
        }

        fixed (float* from = input, to = output)
        {
            try
            {
                frame.Lend(from, to);
                LoadStates(frame, state);
                Execute(frame, null, cancellation);
                StoreStates(frame, state);
            }
            finally
            {
                frame.Lend(null, null);
            }
        }
    }

    /// <summary>States before the run: those given, or zeros.</summary>
    private void LoadStates(SessionFrame frame, ReadOnlySpan<float> state)
    {
        for (var i = 0; i < Network.States.Count; i++)
        {
            var value = frame.Value(Network.States[i].Before);
            if (state.IsEmpty)
            {
                value.Clear();
                continue;
            }

            state[..value.Length].CopyTo(value);
            state = state[value.Length..];
        }
    }

    private void StoreStates(SessionFrame frame, Span<float> state)
    {
        for (var i = 0; i < Network.States.Count && !state.IsEmpty; i++)
        {
            var value = frame.Value(Network.States[i].After);
            value.CopyTo(state);
            state = state[value.Length..];
        }
    }

    /// <summary>Runs one step, or all. A caller that finds the threads taken does its tiles alone.</summary>
    private void Execute(SessionFrame frame, PackedStep? only, CancellationToken cancellation)
    {
        var hasPool = _pool is not null && _poolLock.TryEnter();
        try
        {
            foreach (var step in _steps)
            {
                if (only is not null && step != only) continue;
                cancellation.ThrowIfCancellationRequested();
                step.Prepare(frame);
                if (hasPool && step.Tiles > 1)
                {
                    _pool!.Run(step, frame);
                    continue;
                }

                for (var tile = 0; tile < step.Tiles; tile++) step.RunTile(frame, tile, worker: 0);
            }
        }
        finally
        {
            if (hasPool) _poolLock.Exit();
        }
    }
}

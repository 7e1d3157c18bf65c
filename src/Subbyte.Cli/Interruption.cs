namespace Subbyte.Cli;

/// <summary>Ctrl-C: the first asks the work to stop and keeps what is done, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public Interruption() => Console.CancelKeyPress += Interrupted;

    /// <summary>Set by the first Ctrl-C.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= Interrupted;
        _source.Dispose();
    }

    private void Interrupted(object? sender, ConsoleCancelEventArgs pressed)
    {
        if (_source.IsCancellationRequested) return;
        pressed.Cancel = true;
        Console.Error.WriteLine("stopping (Ctrl-C again ends at once)");
        _source.Cancel();
    }
}

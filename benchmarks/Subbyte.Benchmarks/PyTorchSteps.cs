using System.Diagnostics;
using System.Globalization;
using Subbyte.Experiments;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>PyTorch's training steps, in a process of its own, which times them itself (training_steps.py).</summary>
internal sealed class PyTorchSteps : IContender, IDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly CancellationToken _cancellation;

    private PyTorchSteps(Process process, string folder, CancellationToken cancellation) => (_process, _folder, _cancellation) = (process, folder, cancellation);

    /// <summary>Version and back end.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Starts it, and says so where it cannot be.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Ends the wait for its answers.</param>
    /// <returns>The rival, or null.</returns>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public static PyTorchSteps? Start(TrainingTask task, int threads, CancellationToken cancellation)
    {
        var python = Environment.GetEnvironmentVariable("SUBBYTE_PYTHON") ?? "/usr/bin/python3";
        if (!File.Exists(python))
        {
            Console.WriteLine($"{task.Name}: PyTorch is left out, there is no {python}");
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("subbyte-").FullName;
        task.Write(folder);
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "training_steps.py"), task.Name, $"{task.Batch}", $"{threads}", folder];
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        // Versions of OpenBLAS that do not know a processor take AVX2; its best is asked for.
        if (Cpu.HasAvx512) start.Environment.TryAdd("OPENBLAS_CORETYPE", "SkylakeX");
        var rival = new PyTorchSteps(Process.Start(start)!, folder, cancellation);
        try
        {
            rival.Description = rival.Answer();
            return rival;
        }
        catch (UserErrorException failure)
        {
            Console.WriteLine($"{task.Name}: PyTorch is left out: {failure.Message}");
            rival.Dispose();
            return null;
        }
    }

    /// <summary>Makes steps.</summary>
    /// <param name="steps">How many.</param>
    /// <returns>The mean loss before each.</returns>
    public double[] Losses(int steps) => Ask($"loss {steps}");

    /// <inheritdoc/>
    public void Run(int runs, ICollection<double> milliseconds)
    {
        foreach (var time in Ask($"time {runs}")) milliseconds.Add(time);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private double[] Ask(string order)
    {
        _process.StandardInput.WriteLine(order);
        _process.StandardInput.Flush();
        return [.. Answer().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    private string Answer() => _process.StandardOutput.ReadLineAsync(_cancellation).AsTask().GetAwaiter().GetResult() ?? throw new UserErrorException("its process ended, see above");
}

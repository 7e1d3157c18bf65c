using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Subbyte.Data.Downloads;

/// <summary>
/// Fetches files over HTTP: goes on with what is there already (Range, If-Range), tries again when a connection breaks, checks length and SHA-256, and
/// lets the final name appear only then.
/// </summary>
public sealed class Downloader : IDisposable
{
    private const int BufferLength = 1 << 16;

    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ResiliencePipeline _retry;

    /// <summary>Creates the downloader.</summary>
    /// <param name="options">How patient it is; usual patience when it is <see langword="null"/>.</param>
    public Downloader(DownloadOptions? options = null)
    {
        Options = options ?? new DownloadOptions();
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("subbyte", typeof(Downloader).Assembly.GetName().Version?.ToString(3)));
        _retry = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<InterruptedDownloadException>(),
                MaxRetryAttempts = Options.Retries,
                Delay = Options.FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retry =>
                {
                    Options.Remark?.Invoke($"{retry.Outcome.Exception!.Message}; trying again");
                    return default;
                },
            })
            .Build();
    }

    /// <summary>How patient it is.</summary>
    public DownloadOptions Options { get; }

    /// <summary>Fetches a file, unless it is there already.</summary>
    /// <param name="home">The address that the file's name is put after.</param>
    /// <param name="file">The file.</param>
    /// <param name="folder">Where it goes; the folder must exist.</param>
    /// <param name="progress">Told how many bytes of the file are there, or <see langword="null"/>.</param>
    /// <param name="cancellation">Stops the download; what has arrived is kept.</param>
    /// <returns>Whether anything was fetched.</returns>
    /// <exception cref="UserErrorException">The server has no such file, sends another one, or does not answer after several trials; or a file of that name with other content is there.</exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public async Task<bool> FetchAsync(Uri home, RemoteFile file, string folder, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        var (part, address) = (new PartialFile(Path.Combine(folder, file.Name)), new Uri(home, file.Name));
        if (File.Exists(part.Path))
        {
            if (await PartialFile.HashAsync(part.Path, cancellation).ConfigureAwait(false) != file.Sha256)
                throw new UserErrorException($"{part.Path}: a file with other content than that of {address} is there already; move it away or choose another folder");
            progress?.Invoke(file.Length);
            return false;
        }

        var resumed = part.Length > 0;
        await TransferAsync(address, file, part, progress, cancellation).ConfigureAwait(false);
        if (resumed && await PartialFile.HashAsync(part.PartPath, cancellation).ConfigureAwait(false) != file.Sha256)
        {
            // What was there before may have been of another version, or of a server that sent rubbish.
            Options.Remark?.Invoke($"{part.PartPath}: the bytes of before do not fit; fetching all of them again");
            part.Delete();
            await TransferAsync(address, file, part, progress, cancellation).ConfigureAwait(false);
        }

        var sum = await PartialFile.HashAsync(part.PartPath, cancellation).ConfigureAwait(false);
        if (sum != file.Sha256)
        {
            part.Delete();
            throw new UserErrorException($"{address}: SHA-256 is {sum}, it should be {file.Sha256}; the file was not kept, try --mirror with another copy");
        }

        part.Complete();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task TransferAsync(Uri address, RemoteFile file, PartialFile part, Action<long>? progress, CancellationToken cancellation)
    {
        try
        {
            await _retry.ExecuteAsync(async token => await TryAsync(address, file, part, progress, token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (InterruptedDownloadException interrupted)
        {
            var kept = part.Length == 0 ? "try later, or --mirror with another copy" : $"{part.Length} bytes are kept in {part.PartPath}, the same command goes on from there";
            throw new UserErrorException($"{interrupted.Message}, after {Options.Retries + 1} trials; {kept}", interrupted);
        }
    }

    /// <summary>One connection: asks for what is missing and writes what comes.</summary>
    private async Task TryAsync(Uri address, RemoteFile file, PartialFile part, Action<long>? progress, CancellationToken cancellation)
    {
        var position = part.Length;
        if (position > file.Length) part.Delete();
        if (position == file.Length) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Options.Silence);
        try
        {
            using var response = await _client.SendAsync(Request(address, part), HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            await ReceiveAsync(response, address, file, part, progress, patience).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw new InterruptedDownloadException($"{address}: {failure.Message.TrimEnd('.')}", failure);
        }
        catch (HttpIOException failure)
        {
            throw new InterruptedDownloadException($"{address}: the connection broke off at byte {part.Length} of {file.Length}", failure);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new InterruptedDownloadException($"{address}: the server was silent for {Options.Silence.TotalSeconds:0} s at byte {part.Length} of {file.Length}", failure);
        }
    }

    private static HttpRequestMessage Request(Uri address, PartialFile part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (part.Length == 0) return request;
        request.Headers.Range = new RangeHeaderValue(part.Length, null);
        // Without a tag the SHA-256 tells whether the parts fit together.
        if (EntityTagHeaderValue.TryParse(part.Tag, out var tag) && !tag.IsWeak) request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        return request;
    }

    private async Task ReceiveAsync(HttpResponseMessage response, Uri address, RemoteFile file, PartialFile part, Action<long>? progress, CancellationTokenSource patience)
    {
        var position = Position(response, address, part);
        await using var target = part.Open(position);
        part.Tag = response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : null;
        using var source = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        var buffer = new byte[BufferLength];
        for (int read; (read = await ReadAsync(source, buffer, patience.Token).ConfigureAwait(false)) > 0;)
        {
            position += read;
            if (position > file.Length) throw new UserErrorException($"{address}: sends more than the {file.Length} bytes that the file has; it is another file, try --mirror with another copy");
            await target.WriteAsync(buffer.AsMemory(0, read), patience.Token).ConfigureAwait(false);
            progress?.Invoke(position);
            patience.CancelAfter(Options.Silence);
        }

        await target.FlushAsync(patience.Token).ConfigureAwait(false);
        if (position < file.Length) throw new InterruptedDownloadException($"{address}: ends at byte {position} of {file.Length}");
    }

    /// <summary>The network's failures are told from the disk's here: only the former may pass.</summary>
    private static async Task<int> ReadAsync(Stream source, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (IOException failure) when (failure is not HttpIOException)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, failure.Message, failure);
        }
    }

    /// <summary>Where in the file the bytes of an answer begin.</summary>
    private static long Position(HttpResponseMessage response, Uri address, PartialFile part)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return 0;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == part.Length:
                return part.Length;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                part.Delete();
                throw new InterruptedDownloadException($"{address}: the server answers with another part of the file than was asked for");
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw new InterruptedDownloadException($"{address}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}");
            default:
                throw new UserErrorException($"{address}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}; try --mirror with the address of another copy");
        }
    }
}

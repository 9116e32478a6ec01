using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Acme.Shop.Core.Files;

/// <summary>Stores files in a bucket, after they were received in a folder: in one request of known length.</summary>
public sealed class S3FileStore(IOptions<S3Options> options, ILogger<S3FileStore> logger) : IFileStore, IDisposable
{
    private readonly S3Options _options = options.Value;
    private readonly AmazonS3Client _client = Connect(options.Value);

    public Task StoreAsync(TemporaryFile file, string name, CancellationToken cancellationToken) => CallAsync(
        () => _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = _options.Bucket,
                Key = KeyOf(name),
                FilePath = file.Path,
                ContentType = FileFormat.OfFile(name).ContentType,
                UseChunkEncoding = false,
            },
            cancellationToken),
        cancellationToken);

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var metadata = await CallAsync(
                () => _client.GetObjectMetadataAsync(_options.Bucket, KeyOf(name), cancellationToken), cancellationToken);
            return new RemoteStream(
                metadata.ContentLength, TimeSpan.FromSeconds(_options.TimeoutSeconds),
                (start, token) => ReadAsync(name, start, metadata.ContentLength, token));
        }
        catch (FileStoreException exception) when (exception.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    public async Task DeleteAsync(string name)
    {
        try
        {
            await CallAsync(() => _client.DeleteObjectAsync(_options.Bucket, KeyOf(name)), CancellationToken.None);
        }
        catch (FileStoreException exception)
        {
            logger.LogWarning(exception.InnerException, "The file {File} could not be deleted.", name);
        }
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix };
        do
        {
            var page = await CallAsync(() => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var file in page.S3Objects ?? [])
            {
                yield return file.Key[_options.Prefix.Length..];
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public Task CheckAsync(CancellationToken cancellationToken) => CallAsync(
        () => _client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix, MaxKeys = 1 }, cancellationToken),
        cancellationToken);

    public void Dispose() => _client.Dispose();

    private static AmazonS3Client Connect(S3Options options)
    {
        var configuration = new AmazonS3Config
        {
            ForcePathStyle = options.UsePathStyle ?? options.ServiceUrl.Length > 0,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            MaxErrorRetry = 1,

            // Not every service knows the checksums that the SDK otherwise adds to each request.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl.Length > 0)
        {
            configuration.ServiceURL = options.ServiceUrl;
            configuration.AuthenticationRegion = options.Region;
        }
        else
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), configuration)
            : new AmazonS3Client(configuration);
    }

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception
            is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new FileStoreException(exception);
        }
    }

    private async Task<Stream> ReadAsync(string name, long start, long length, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = KeyOf(name), ByteRange = new ByteRange(start, length - 1) };
        return (await CallAsync(() => _client.GetObjectAsync(request, cancellationToken), cancellationToken)).ResponseStream;
    }

    private string KeyOf(string name) => _options.Prefix + name;
}

using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Harmony.Core.Modules;

namespace Harmony.Data.Services.Storage.S3;

/// <summary>Makes clients of S3 from the options of a backend.</summary>
internal static class S3Clients
{
    /// <summary>The client; null where the options contradict each other, which goes to the context's problems.</summary>
    public static IAmazonS3? Create(StorageBackendOptions options, BackendContext context)
    {
        if ((options.AccessKeyId is null) != (options.SecretAccessKey is null))
        {
            var (given, missing) = options.AccessKeyId is null ? ("secret_access_key", "access_key_id") : ("access_key_id", "secret_access_key");
            context.Problems.Error(options.LocationOf(given), $"'{given}' of backend '{context.Name}' needs '{missing}'");
            return null;
        }

        if (options.Endpoint is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            context.Problems.Error(options.LocationOf("endpoint"), $"'endpoint' of backend '{context.Name}' is no http or https URL");
            return null;
        }

        return Connect(options);
    }

    /// <summary>The client of options that were checked. Nothing is sent yet.</summary>
    /// <param name="options">The options.</param>
    /// <param name="retries">How often a request is sent again that failed or was told to slow down.</param>
    public static IAmazonS3 Connect(StorageBackendOptions options, int retries = 4)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = retries,
            RetryMode = RequestRetryMode.Standard, // waits longer and longer on SlowDown
            // Checksums as trailers are news to servers of other makers, which store or refuse them.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromMinutes(5),
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = options.Region ?? "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region ?? "us-east-1");
        }

        // Without keys of its own: environment, credentials file, then the machine's role.
        return options.AccessKeyId is null ? new AmazonS3Client(config) : new AmazonS3Client(new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey), config);
    }
}

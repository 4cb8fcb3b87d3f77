using System.Net;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Gateway.Management.Access;
using Harmony.Mesh.Cloud;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Management;

/// <summary><c>[backends.management.options]</c>: there are none; <c>[management]</c> says it all.</summary>
public sealed record ManagementBackendOptions : ConfigNode;

/// <summary>Answers operators: who they are first, then what they want, and the body last.</summary>
internal sealed class ManagementBackend : IBackend
{
    /// <summary>Bytes that a body may have: a large set of files to try.</summary>
    public const long MaxBodySize = 16 * 1024 * 1024;

    private readonly ConfigSet _config;
    private readonly AdminAccess _access;
    private readonly ManagementApi _api;
    private readonly GatewayReference _reference;
    private readonly ILogger _logger;

    private ManagementBackend(BackendContext context, AdminAccess access, GatewayReference reference)
    {
        (_config, _access, _reference) = (context.Config, access, reference);
        _api = new ManagementApi(context.Config.Management, CloudSettings.Of(context.Config, Environment.GetEnvironmentVariable) is not null);
        _logger = context.Environment.Loggers.CreateLogger("harmony.management");
    }

    public static ManagementBackend? Create(BackendContext context, GatewayReference reference)
    {
        if (!ManagementEndpoint.IsOurs(context, "backend")) return null;
        var management = context.Config.Management;
        var network = context.Config.Networks.Find(management.Network ?? ManagementTables.Name, context.Config.MainFile)?.Section;
        return new ManagementBackend(context, new AdminAccess(network is not null && Addresses.IsLoopback(network), management.AdminCertificates), reference);
    }

    /// <summary>Reads or makes the token. Only a gateway that serves makes one, not a check of a configuration.</summary>
    public void Activate()
    {
        try
        {
            _access.Token = AdminToken.ReadOrMake(_config, file => ManagementLog.TokenMade(_logger, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ManagementLog.NoToken(_logger, AdminToken.FileOf(_config) ?? "", Readable.Reason(e));
        }
    }

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var path = ManagementApi.SegmentsOf(request);
        var operation = _api.Find(request.Method, path, out var values, out var allowed);
        // Who may not read learns not even what there is.
        var verdict = _access.Decide(request, operation?.Need ?? AccessNeed.Reading);
        var name = operation is null ? request.Method : $"{operation.Method} {operation.Path}";
        if (!verdict.IsGranted) return Refuse(request, verdict, name);
        if (operation is null) return Unknown(request, allowed);
        if (_reference.Running is not { } gateway)
        {
            if (operation.WhileStarting is { } whileStarting) return whileStarting(request);
            gateway = await _reference.StartedAsync(ct);
        }

        if (operation.Need is AccessNeed.Changing or AccessNeed.CloudUser)
        {
            // The path with its values: by now it is known who wrote it.
            var asked = $"{request.Method} {request.PathBelowPrefix.Trim('/')}";
            ManagementLog.Changed(_logger, asked, verdict.Operator, request.ClientAddress);
        }

        return await RunAsync(operation, new OperationCall(gateway, request, values, ct) { Operator = verdict.Operator }, name);
    }

    private async ValueTask<ResponseEnvelope> RunAsync(Operation operation, OperationCall call, string name)
    {
        try
        {
            return await operation.Run(call);
        }
        catch (GatewayException e) when (e is { FaultSource: FaultSource.Client, Kind: FaultKind.Malformed })
        {
            return JsonAnswer.Error(call.Request, 400, "Bad request", e.Message);
        }
        catch (GatewayException e) when (e is { FaultSource: FaultSource.Client, Kind: FaultKind.TooLarge })
        {
            return JsonAnswer.Error(call.Request, 413, "Too large", e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ManagementLog.Unforeseen(_logger, name, e);
            return JsonAnswer.Error(call.Request, 500, "Internal error", Readable.Reason(e));
        }
    }

    private ResponseEnvelope Refuse(RequestEnvelope request, in AccessVerdict verdict, string operation)
    {
        ManagementLog.Refused(_logger, operation, request.ClientAddress, verdict.Reason);
        var response = JsonAnswer.Error(request, verdict.Status, verdict.Status == 401 ? "Unauthorized" : "Forbidden", verdict.Reason);
        if (verdict.Status == 401) response.Headers.Add("www-authenticate", "Bearer realm=\"harmony\"");
        return response;
    }

    private static ResponseEnvelope Unknown(RequestEnvelope request, IReadOnlyList<string> allowed)
    {
        if (allowed.Count == 0) return JsonAnswer.Error(request, 404, "Not found");
        var response = JsonAnswer.Error(request, 405, "Method not allowed");
        response.Headers.Add("allow", string.Join(", ", allowed));
        return response;
    }
}

/// <summary>Log messages of the management API, ids 1150 to 1199, target <c>harmony.management</c>. Never a token.</summary>
internal static partial class ManagementLog
{
    [LoggerMessage(EventId = 1150, Level = LogLevel.Information, Message = "{Operation} by {Operator} from {Address}")]
    public static partial void Changed(ILogger logger, string operation, string @operator, IPAddress? address);

    [LoggerMessage(EventId = 1151, Level = LogLevel.Warning, Message = "{Operation} from {Address} was refused: {Reason}")]
    public static partial void Refused(ILogger logger, string operation, IPAddress? address, string reason);

    [LoggerMessage(EventId = 1152, Level = LogLevel.Information, Message = "a new token for the management API is in '{File}'")]
    public static partial void TokenMade(ILogger logger, string file);

    [LoggerMessage(
        EventId = 1153, Level = LogLevel.Error, Message = "the management API has no token and allows no changes: '{File}': {Reason}")]
    public static partial void NoToken(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 1154, Level = LogLevel.Error, Message = "{Operation} failed with an unexpected error; please report it")]
    public static partial void Unforeseen(ILogger logger, string operation, Exception cause);
}

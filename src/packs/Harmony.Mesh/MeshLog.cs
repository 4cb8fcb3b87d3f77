using System.Net;
using Microsoft.Extensions.Logging;

namespace Harmony.Mesh;

/// <summary>Log messages of meshes, ids 3500 to 3599, target <c>harmony.mesh</c>. No token and no key.</summary>
internal static partial class MeshLog
{
    /// <summary>The logger of all of them.</summary>
    public const string Target = "harmony.mesh";

    [LoggerMessage(EventId = 3501, Level = LogLevel.Information, Message = "ingress '{Ingress}' refused a request without a token")]
    public static partial void Missing(ILogger logger, string ingress);

    [LoggerMessage(EventId = 3502, Level = LogLevel.Warning, Message = "ingress '{Ingress}' refused a token from {ClientIp}: {Reason}")]
    public static partial void Refused(ILogger logger, string ingress, IPAddress? clientIp, string reason);

    [LoggerMessage(EventId = 3503, Level = LogLevel.Error, Message = "ingress '{Ingress}' cannot verify tokens and responds with 503: {Reason}")]
    public static partial void Unknown(ILogger logger, string ingress, string reason);

    [LoggerMessage(EventId = 3504, Level = LogLevel.Warning,
        Message = "a mesh member used the path of an endpoint and was refused: members reach pipeline '{Pipeline}' by the URLs of its ingress only")]
    public static partial void WrongDoor(ILogger logger, string pipeline);

    [LoggerMessage(EventId = 3505, Level = LogLevel.Warning, Message = "egress '{Egress}' refused a request: {Host} belongs to no member of its meshes")]
    public static partial void NotAMember(ILogger logger, string egress, string host);
}

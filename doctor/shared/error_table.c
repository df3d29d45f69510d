#include "error_table.h"

static const struct {
  const char *code;
  cause_kind cause;
  bool likely; /* the code alone does not prove it */
  const char *says, *change;
} known[] = {
    {"EntityTooSmall", CAUSE_SIZE, false,
     "The upload is too small for the form's policy, or a part of a multipart upload for S3.",
     "Upload more: parts but the last have 5 MiB or more, and an empty file needs a policy that "
     "lets it in."},
    {"BadDigest", CAUSE_CHECKSUM, false,
     "The bytes that arrived are not those of the checksum that was sent (Content-MD5 or "
     "x-amz-checksum-...).",
     "Compute the checksum of the very bytes that are sent, in base64; a library that compresses "
     "or rewrites the body changes them."},
    {"InvalidDigest", CAUSE_CHECKSUM, false,
     "The checksum that was sent is none: it must be base64 of the digest's bytes, not "
     "hexadecimal.",
     "Send base64."},
    {"XAmzContentChecksumMismatch", CAUSE_CHECKSUM, false,
     "The bytes that arrived are not those of the checksum that was signed.",
     "Compute `sha256` of the very bytes that are sent."},
    {"XAmzContentSHA256Mismatch", CAUSE_PAYLOAD_HASH, false,
     "The bytes that arrived are not those whose hash is in x-amz-content-sha256.",
     "Leave the header x-amz-content-sha256 out: a presigned URL signs UNSIGNED-PAYLOAD. To bind "
     "the bytes, sign x-amz-checksum-sha256."},
    {"AccessControlListNotSupported", CAUSE_ACL, false,
     "The request has an ACL (x-amz-acl, x-amz-grant-...), and the bucket takes none: its owner "
     "owns "
     "all objects.",
     "Leave it out of what is signed and sent."},
    {"NoSuchBucket", CAUSE_BUCKET, false, "There is no bucket of this name at this endpoint.",
     "Look at UPLOAD_BUCKET, and at the endpoint (AWS_ENDPOINT_URL_S3) and addressing style of the "
     "URL."},
    {"NoSuchUpload", CAUSE_PATH, false,
     "The multipart upload is not there: it was completed, aborted, or is of another key.",
     "Start a new multipart upload."},
    {"MethodNotAllowed", CAUSE_METHOD, false, "The method is not allowed on this address.",
     "Send it with the method that was signed, to the object's address and not the bucket's."},
    {"MissingContentLength", CAUSE_HEADER_MISSING, false,
     "The header Content-Length was not sent; clients leave it out of a body that is streamed "
     "(Transfer-Encoding: chunked).",
     "Send the size: give the client a file or bytes, not a stream of unknown length."},
    {"RequestTimeout", CAUSE_STORE, false,
     "The body did not arrive in time, or was shorter than its Content-Length.",
     "Send the whole body; try again."},
    {"IncompleteBody", CAUSE_SIZE, false,
     "The body was shorter than the Content-Length that was sent.",
     "Send the whole body, and let the client count it."},
    {"KeyTooLongError", CAUSE_PATH, false,
     "The key is too long: S3 takes 1024 bytes, and some stores at most 255 between two slashes.",
     "Use a shorter key."},
    {"MalformedPOSTRequest", CAUSE_FORM, false, "The body of the POST is no form that S3 can read.",
     "Send multipart/form-data, and let the client write the Content-Type with its boundary."},
    {"RequestIsNotMultiPartContent", CAUSE_FORM, false, "The POST is no multipart/form-data.",
     "Send multipart/form-data; a signed URL takes a PUT, a signed form a POST."},
    {"InvalidPolicyDocument", CAUSE_FORM, true,
     "The form's policy can't be read, since it was changed or cut; or a field is not as it has "
     "it.",
     "Send the fields of the signed form as they are, `policy` too."},
    {"MaxPostPreDataLengthExceededError", CAUSE_FORM, false,
     "There are more than 20 kB of fields before the file.",
     "Send fewer fields, and the file last."},
    {"NoSuchKey", CAUSE_PATH, false,
     "There is no object with this key: nothing was uploaded under it, or it was deleted.",
     "Look at the key that the URL was signed for; a download is signed for an upload that is "
     "done."},
    {"ConditionalRequestConflict", CAUSE_STORE, false,
     "Another request is writing an object with this key at the same time.",
     "Try again in a moment."},
    {"SlowDown", CAUSE_STORE, false, "S3 is busy.",
     "Try again in a moment, with longer pauses each time."},
    {"ServiceUnavailable", CAUSE_STORE, false, "S3 is busy.",
     "Try again in a moment, with longer pauses each time."},
    {"InternalError", CAUSE_STORE, false, "S3 failed.", "Try again in a moment."},
};

bool error_table_add(finding_list *findings, text_slice code) {
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    if (text_slice_equal(code, text_slice_of(known[i].code))) {
      const text_slice says = text_slice_of(known[i].says);
      const text_slice change = text_slice_of(known[i].change);
      (known[i].likely ? findings_add_likely : findings_add)(findings, known[i].cause, says,
                                                             change);
      return true;
    }
  }
  return false;
}
